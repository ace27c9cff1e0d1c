// outbox.cc: small writes of JavaScript to the stream whose event it handles. They cost no call into Go: the bytes wait here until the event has run, or
// go to the socket.
#include <sys/socket.h>
#include <v8-fast-api-calls.h>

#include <algorithm>
#include <cstring>

#include "bytes.h"
#include "transcode.h"

using namespace v8;

namespace {

#ifndef MSG_NOSIGNAL
const int MSG_NOSIGNAL = 0;  // not a flag of macOS
#endif
const size_t kSentAtOnce = 4 << 10;

// The outbox, if JavaScript may write to the stream.
rt_outbox* BoxFor(Isolate* iso, int32_t stream) {
  rt_outbox* box = rt_from(iso)->outbox;
  return box && stream != 0 && box->stream == stream ? box : nullptr;
}

// Takes the n bytes of both parts, or nothing.
bool Put(rt_outbox* box, const MemorySpan<uint8_t> (&parts)[2]) {
  size_t n = parts[0].size() + parts[1].size(), sent = 0;
  if (n > RT_OUTBOX_BYTES) return false;
  if (box->fd >= 0) {
    if (n == 0 || n > kSentAtOnce) return false;
    uint8_t joined[kSentAtOnce];
    const uint8_t* p = parts[0].data();
    if (parts[1].size()) {
      if (parts[0].size()) memcpy(joined, parts[0].data(), parts[0].size());
      memcpy(joined + parts[0].size(), parts[1].data(), parts[1].size());
      p = joined;
    }
    ssize_t r = send(box->fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (r <= 0) return false;  // Go will meet the same, and knows what to do
    sent = (size_t)r;
    box->given += (uint32_t)n;
    if (sent == n) return true;
    box->fd = -1;  // the socket is full: what is left waits, and what comes behind it
  }
  while (__atomic_exchange_n(&box->lock, 1, __ATOMIC_ACQUIRE)) {
    if (sent == 0) return false;  // otherwise the box is empty, and nobody looks into it for longer than that
  }
  bool fits = n - sent <= RT_OUTBOX_BYTES - box->used;
  if (fits) {
    size_t skip = sent;
    for (const MemorySpan<uint8_t>& part : parts) {
      size_t from = std::min(skip, part.size());
      skip -= from;
      if (part.size() > from) memcpy(box->bytes + box->used, part.data() + from, part.size() - from);
      box->used += (uint32_t)(part.size() - from);
    }
    box->kept += (uint32_t)(n - sent);
    if (sent == 0) box->given += (uint32_t)n;
  }
  __atomic_store_n(&box->lock, 0, __ATOMIC_RELEASE);
  return fits;
}

bool Hold(Isolate* iso, int32_t stream, Local<Value> first, Local<Value> second) {
  rt_outbox* box = BoxFor(iso, stream);
  if (!box) return false;
  uint8_t small[2][64];  // for what V8 keeps in its heap
  MemorySpan<uint8_t> parts[2];
  for (int i = 0; i < 2; i++) {
    Local<Value> part = i == 0 ? first : second;
    if (i == 1 && part->IsUndefined()) break;
    if (!rt_is_view(part)) return false;
    parts[i] = part.As<ArrayBufferView>()->GetContents({small[i], sizeof small[i]});
  }
  return Put(box, parts);
}

// Text of one byte a character, as UTF-8.
bool HoldLatin1(rt_outbox* box, const uint8_t* text, size_t length) {
  if (length > kSentAtOnce / 2) return false;
  uint8_t bytes[kSentAtOnce];
  MemorySpan<uint8_t> parts[2] = {{bytes, rt_latin1_to_utf8(text, length, bytes, sizeof bytes)}, {}};
  return Put(box, parts);
}

// hold(stream, bytes, bytes | undefined): whether they were written, or will be when the event has run; if not, they must be written otherwise
void HoldSlowly(const FunctionCallbackInfo<Value>& info) {
  info.GetReturnValue().Set(info[0]->IsInt32() && Hold(info.GetIsolate(), info[0].As<Int32>()->Value(), info[1], info[2]));
}
bool HoldFast(Local<Value>, int32_t stream, Local<Value> first, Local<Value> second, FastApiCallbackOptions& options) {
  return Hold(options.isolate, stream, first, second);
}
CFunction fast_hold = CFunction::Make(HoldFast);

// holdText(stream, string): the same for a short text in UTF-8
void HoldTextSlowly(const FunctionCallbackInfo<Value>& info) {
  rt_outbox* box = info[0]->IsInt32() ? BoxFor(info.GetIsolate(), info[0].As<Int32>()->Value()) : nullptr;
  bool held = false;
  if (box && info[1]->IsString()) {
    String::ValueView text(info.GetIsolate(), info[1].As<String>());
    held = text.is_one_byte() && HoldLatin1(box, text.data8(), text.length());
  }
  info.GetReturnValue().Set(held);
}
bool HoldTextFast(Local<Value>, int32_t stream, const FastOneByteString& text, FastApiCallbackOptions& options) {
  rt_outbox* box = BoxFor(options.isolate, stream);
  return box && HoldLatin1(box, reinterpret_cast<const uint8_t*>(text.data), text.length);
}
CFunction fast_hold_text = CFunction::Make(HoldTextFast);

}  // namespace

void rt_natives_outbox(std::vector<rt_builtin_native>* out) {
  out->push_back({"hold", HoldSlowly, false, &fast_hold});
  out->push_back({"holdText", HoldTextSlowly, false, &fast_hold_text});
}

extern "C" void rt_outbox_use(rt_isolate* rt, rt_outbox* box) { rt->outbox = box; }
