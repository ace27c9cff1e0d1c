// source.cc: texts of sources, as strings outside of V8's heaps. An application's sources are a third of a small server's heap, V8 reads them
// at the first call of a function alone, and all isolates of a process run the same ones.
#include <cstring>
#include <mutex>
#include <unordered_map>

#include "rt_internal.h"

using namespace v8;

namespace {

// One text, the same for all isolates that have it.
struct Text {
  uint64_t hash;
  size_t bytes;
  bool wide;    // UTF-16; else one byte a character
  size_t refs;  // guarded by mu
  char data[];
};

std::mutex mu;
std::unordered_multimap<uint64_t, Text*>* texts;  // guarded by mu; lives as long as the process

uint64_t HashOf(const char* p, size_t n) {
  const uint64_t prime = 0x9E3779B97F4A7C15;
  uint64_t a = n * prime, b = ~a;  // two chains, so that multiplications overlap
  for (; n >= 16; p += 16, n -= 16) {
    uint64_t x, y;
    memcpy(&x, p, 8);
    memcpy(&y, p + 8, 8);
    a = (a ^ x) * prime;
    b = (b ^ y) * prime;
    a ^= a >> 32;
    b ^= b >> 32;
  }
  for (; n > 0; p++, n--) a = (a ^ (uint8_t)*p) * prime;
  return a ^ (b << 1 | b >> 63);
}

bool IsASCII(const char* p, size_t n) {
  uint64_t seen = 0;
  for (; n >= 8; p += 8, n -= 8) {
    uint64_t x;
    memcpy(&x, p, 8);
    seen |= x;
  }
  for (; n > 0; p++, n--) seen |= (uint8_t)*p;
  return (seen & 0x8080808080808080) == 0;
}

// Takes a reference to the text with this content; null when there is no memory.
Text* Share(const void* data, size_t bytes, bool wide) {
  uint64_t hash = HashOf(static_cast<const char*>(data), bytes) + wide;
  std::lock_guard<std::mutex> lock(mu);
  if (!texts) texts = new std::unordered_multimap<uint64_t, Text*>;
  auto range = texts->equal_range(hash);
  for (auto i = range.first; i != range.second; ++i) {
    Text* t = i->second;
    if (t->bytes == bytes && t->wide == wide && memcmp(t->data, data, bytes) == 0) {
      t->refs++;
      return t;
    }
  }
  auto t = static_cast<Text*>(malloc(sizeof(Text) + bytes));
  if (!t) return nullptr;
  t->hash = hash;
  t->bytes = bytes;
  t->wide = wide;
  t->refs = 1;
  memcpy(t->data, data, bytes);
  texts->emplace(hash, t);
  return t;
}

void Release(Text* t) {
  std::lock_guard<std::mutex> lock(mu);
  if (--t->refs) return;
  auto range = texts->equal_range(t->hash);
  for (auto i = range.first; i != range.second; ++i) {
    if (i->second == t) {
      texts->erase(i);
      break;
    }
  }
  free(t);
}

// V8 disposes of a resource when its string is collected, or the isolate ends.
class Narrow : public String::ExternalOneByteStringResource {
 public:
  explicit Narrow(Text* t) : text_(t), data_(t->data), length_(t->bytes) {}
  Narrow(const char* lasting, size_t n) : text_(nullptr), data_(lasting), length_(n) {}
  const char* data() const override { return data_; }
  size_t length() const override { return length_; }

 protected:
  ~Narrow() override {
    if (text_) Release(text_);
  }

 private:
  Text* text_;
  const char* data_;
  size_t length_;
};

class Wide : public String::ExternalStringResource {
 public:
  explicit Wide(Text* t) : text_(t) {}
  const uint16_t* data() const override { return reinterpret_cast<const uint16_t*>(text_->data); }
  size_t length() const override { return text_->bytes / 2; }

 protected:
  ~Wide() override { Release(text_); }

 private:
  Text* text_;
};
static_assert(offsetof(Text, data) % alignof(uint16_t) == 0, "UTF-16 is read where it lies");

// Shorter ones are not worth the resource.
const size_t kShortest = 256;

MaybeLocal<String> Outside(Isolate* iso, const char* p, size_t n, bool lasting) {
  if (n < kShortest || n > (size_t)String::kMaxLength) return String::NewFromUtf8(iso, p, NewStringType::kNormal, (int)n);
  if (lasting) return String::NewExternalOneByte(iso, new Narrow(p, n));
  if (IsASCII(p, n)) {
    if (Text* t = Share(p, n, false)) return String::NewExternalOneByte(iso, new Narrow(t));
  }
  Local<String> s;
  if (!String::NewFromUtf8(iso, p, NewStringType::kNormal, (int)n).ToLocal(&s)) return MaybeLocal<String>();
  size_t length = s->Length();
  if (length < kShortest) return s;
  if (s->ContainsOnlyOneByte()) {
    std::vector<uint8_t> chars(length);
    s->WriteOneByteV2(iso, 0, (uint32_t)length, chars.data());
    Text* t = Share(chars.data(), length, false);
    return t ? String::NewExternalOneByte(iso, new Narrow(t)) : s;
  }
  std::vector<uint16_t> chars(length);
  s->WriteV2(iso, 0, (uint32_t)length, chars.data());
  Text* t = Share(chars.data(), length * 2, true);
  return t ? String::NewExternalTwoByte(iso, new Wide(t)) : s;
}

}  // namespace

extern "C" {

rt_value rt_source_text(rt_isolate* rt, const char* utf8, size_t n, int lasting) {
  Local<String> s;
  TryCatch tc(rt->iso);
  if (!Outside(rt->iso, utf8, n, lasting).ToLocal(&s)) {
    rt_keep_exception(rt, tc);
    return nullptr;
  }
  return rt_to(s);
}

size_t rt_source_texts(void) {
  std::lock_guard<std::mutex> lock(mu);
  return texts ? texts->size() : 0;
}
}
