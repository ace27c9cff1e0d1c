// bytes.cc: what Buffer does with memory that V8 owns: allocating, comparing, filling, copying, searching. No crossing into Go.
#include "bytes.h"

#include <v8-fast-api-calls.h>

#include <algorithm>
#include <cstring>

using namespace v8;

namespace {

// allocUninitialized(n) → ArrayBuffer | undefined when there is no memory
void AllocUninitialized(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsNumber()) return;
  double n = info[0].As<Number>()->Value();
  if (!(n >= 0) || n > (double)TypedArray::kMaxByteLength) return;
  std::unique_ptr<BackingStore> store = ArrayBuffer::NewBackingStore(
      info.GetIsolate(), (size_t)n, BackingStoreInitializationMode::kUninitialized, BackingStoreOnFailureMode::kReturnNull);
  if (store) info.GetReturnValue().Set(ArrayBuffer::New(info.GetIsolate(), std::move(store)));
}

int Compare(const uint8_t* a, size_t an, const uint8_t* b, size_t bn) {
  size_t n = std::min(an, bn);
  int c = n ? memcmp(a, b, n) : 0;
  if (c) return c < 0 ? -1 : 1;
  return an < bn ? -1 : an > bn ? 1 : 0;
}
void CompareBytes(const FunctionCallbackInfo<Value>& info) {
  rt_bytes a = rt_bytes_of(info[0]), b = rt_bytes_of(info[1]);
  if (a.ok && b.ok) info.GetReturnValue().Set(Compare(a.p, a.n, b.p, b.n));
}
int32_t FastCompareBytes(Local<Value>, Local<Value> left, Local<Value> right) {
  rt_bytes a = rt_bytes_of(left), b = rt_bytes_of(right);
  return Compare(a.p, a.n, b.p, b.n);
}
CFunction fast_compare_bytes = CFunction::Make(FastCompareBytes);
// compareRange(a, aStart, aLength, b, bStart, bLength)
void CompareRange(const FunctionCallbackInfo<Value>& info) {
  rt_bytes a = rt_bytes_of(info[0]), b = rt_bytes_of(info[3]);
  if (!a.ok || !b.ok) return;
  size_t as = rt_index(info[1], a.n, 0), al = rt_index(info[2], a.n - as, a.n - as);
  size_t bs = rt_index(info[4], b.n, 0), bl = rt_index(info[5], b.n - bs, b.n - bs);
  info.GetReturnValue().Set(Compare(a.p + as, al, b.p + bs, bl));
}
// fillBytes(buffer, pattern: Uint8Array | number, start, end): false when the pattern is empty
void FillBytes(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b = rt_bytes_of(info[0]);
  if (!b.ok) return;
  size_t start = rt_index(info[2], b.n, 0), end = rt_index(info[3], b.n, b.n);
  if (end <= start) {
    info.GetReturnValue().Set(true);
    return;
  }
  uint8_t* p = b.p + start;
  size_t n = end - start;
  if (info[1]->IsNumber()) {
    memset(p, (int)((int64_t)info[1].As<Number>()->Value() & 255), n);
  } else {
    rt_bytes pattern = rt_bytes_of(info[1]);
    if (!pattern.ok || pattern.n == 0) {
      info.GetReturnValue().Set(false);
      return;
    }
    size_t done = std::min(pattern.n, n);
    memmove(p, pattern.p, done);
    while (done < n) {
      size_t step = std::min(done, n - done);
      memcpy(p + done, p, step);
      done += step;
    }
  }
  info.GetReturnValue().Set(true);
}
// copyBytes(source, target, targetStart, sourceStart, n) → bytes copied
void CopyBytes(const FunctionCallbackInfo<Value>& info) {
  rt_bytes from = rt_bytes_of(info[0]), to = rt_bytes_of(info[1]);
  if (!from.ok || !to.ok) return;
  size_t at = rt_index(info[2], to.n, 0), start = rt_index(info[3], from.n, 0);
  size_t room = std::min(to.n - at, from.n - start);
  size_t n = rt_index(info[4], room, room);
  if (n) memmove(to.p + at, from.p + start, n);
  info.GetReturnValue().Set((double)n);
}
double FastCopyBytes(Local<Value>, Local<Value> source, Local<Value> target, double target_start, double source_start, double n) {
  rt_bytes from = rt_bytes_of(source), to = rt_bytes_of(target);
  if (!(target_start >= 0 && source_start >= 0 && n > 0) || target_start > (double)to.n || source_start > (double)from.n) return 0;
  size_t room = std::min(to.n - (size_t)target_start, from.n - (size_t)source_start);
  size_t count = n >= (double)room ? room : (size_t)n;
  if (count) memmove(to.p + (size_t)target_start, from.p + (size_t)source_start, count);
  return (double)count;
}
CFunction fast_copy_bytes = CFunction::Make(FastCopyBytes);

// memmem(3), which is slow to start: while the first byte is rare, looking for that alone is several times as fast.
const uint8_t* Search(const uint8_t* hay, size_t hn, const uint8_t* needle, size_t nn) {
  const uint8_t *at = hay, *end = hay + (hn - nn) + 1;
  for (int tries = 32; tries > 0 && at < end; tries--) {
    at = static_cast<const uint8_t*>(memchr(at, needle[0], end - at));
    if (!at) return nullptr;
    if (memcmp(at, needle, nn) == 0) return at;
    at++;
  }
  return at < end ? static_cast<const uint8_t*>(memmem(at, hay + hn - at, needle, nn)) : nullptr;
}

// The first (or last) place at or after (before) offset where needle stands, in steps of `step` bytes; -1.
double Find(const uint8_t* hay, size_t hn, const uint8_t* needle, size_t nn, double offset, bool forward, size_t step) {
  if (nn > hn) return -1;
  double last = (double)(hn - nn);
  if (forward) {
    if (offset < 0) offset = 0;
    if (offset > last) return -1;
    size_t i = (size_t)offset;
    if (step == 2 && i % 2) i++;
    if (step == 1) {
      const uint8_t* at = Search(hay + i, hn - i, needle, nn);
      return at ? (double)(at - hay) : -1;
    }
    for (; i + nn <= hn; i += step)
      if (memcmp(hay + i, needle, nn) == 0) return (double)i;
    return -1;
  }
  if (offset < 0) return -1;
  size_t i = (size_t)std::min(offset, last);
  if (step == 2 && i % 2) i--;
  for (;;) {
    if (memcmp(hay + i, needle, nn) == 0) return (double)i;
    if (i < step) return -1;
    i -= step;
  }
}
// indexOfBytes(haystack, needle, byteOffset, forward, step): the needle is not empty
void IndexOfBytes(const FunctionCallbackInfo<Value>& info) {
  rt_bytes hay = rt_bytes_of(info[0]), needle = rt_bytes_of(info[1]);
  if (!hay.ok || !needle.ok || needle.n == 0) {
    info.GetReturnValue().Set(-1);
    return;
  }
  double offset = info[2]->IsNumber() ? info[2].As<Number>()->Value() : 0;
  size_t step = info[4]->IsInt32() && info[4].As<Int32>()->Value() == 2 ? 2 : 1;
  info.GetReturnValue().Set(Find(hay.p, hay.n, needle.p, needle.n, offset, info[3]->IsTrue(), step));
}
double FastIndexOfByte(Local<Value>, Local<Value> buffer, int32_t byte, double offset, bool forward) {
  rt_bytes hay = rt_bytes_of(buffer);
  uint8_t b = (uint8_t)byte;
  return Find(hay.p, hay.n, &b, 1, offset, forward, 1);
}
CFunction fast_index_of_byte = CFunction::Make(FastIndexOfByte);
void IndexOfByte(const FunctionCallbackInfo<Value>& info) {
  rt_bytes hay = rt_bytes_of(info[0]);
  if (!hay.ok || !info[1]->IsNumber()) return;
  uint8_t byte = (uint8_t)((int64_t)info[1].As<Number>()->Value() & 255);
  double offset = info[2]->IsNumber() ? info[2].As<Number>()->Value() : 0;
  info.GetReturnValue().Set(Find(hay.p, hay.n, &byte, 1, offset, info[3]->IsTrue(), 1));
}

}  // namespace

void rt_natives_bytes(std::vector<rt_builtin_native>* out) {
  out->push_back({"allocUninitialized", AllocUninitialized, false});
  out->push_back({"compareBytes", CompareBytes, true, &fast_compare_bytes});
  out->push_back({"compareRange", CompareRange, true});
  out->push_back({"fillBytes", FillBytes, false});
  out->push_back({"copyBytes", CopyBytes, false, &fast_copy_bytes});
  out->push_back({"indexOfBytes", IndexOfBytes, true});
  out->push_back({"indexOfByte", IndexOfByte, true, &fast_index_of_byte});
}
