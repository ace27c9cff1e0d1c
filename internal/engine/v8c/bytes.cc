// bytes.cc: the hot operations of Buffer, TextEncoder and TextDecoder, on memory that V8 owns. No crossing into Go.
#include <algorithm>
#include <cstring>

#include "rt_internal.h"

using namespace v8;

namespace {

struct Bytes {
  uint8_t* p = nullptr;
  size_t n = 0;
  bool ok = false;
};

Bytes BytesOf(Local<Value> v) {
  Bytes b;
  if (v->IsArrayBufferView()) {
    Local<ArrayBufferView> view = v.As<ArrayBufferView>();
    b.n = view->ByteLength();
    b.p = static_cast<uint8_t*>(view->Buffer()->Data()) + view->ByteOffset();
    b.ok = true;
  } else if (v->IsArrayBuffer()) {
    b.n = v.As<ArrayBuffer>()->ByteLength();
    b.p = static_cast<uint8_t*>(v.As<ArrayBuffer>()->Data());
    b.ok = true;
  } else if (v->IsSharedArrayBuffer()) {
    b.n = v.As<SharedArrayBuffer>()->ByteLength();
    b.p = static_cast<uint8_t*>(v.As<SharedArrayBuffer>()->GetBackingStore()->Data());
    b.ok = true;
  }
  if (b.n == 0) b.p = reinterpret_cast<uint8_t*>(&b);  // never dereferenced, never null
  return b;
}

// A number argument as an index: not below 0, not above max; absent is `missing`.
size_t Index(Local<Value> v, size_t max, size_t missing) {
  double d;
  if (v->IsInt32()) d = v.As<Int32>()->Value();
  else if (v->IsNumber()) d = v.As<Number>()->Value();
  else return missing;
  if (!(d > 0)) return 0;
  if (d >= (double)max) return max;
  return (size_t)d;
}

void ThrowTooLong(Isolate* iso) {
  Local<Value> e = Exception::Error(rt_str(iso, "Cannot create a string longer than 0x1fffffe8 characters"));
  (void)e.As<Object>()->Set(iso->GetCurrentContext(), rt_str(iso, "code"), rt_str(iso, "ERR_STRING_TOO_LONG"));
  iso->ThrowException(e);
}

// Every slice takes (buffer, start, end).
bool Range(const FunctionCallbackInfo<Value>& info, Bytes* b) {
  *b = BytesOf(info[0]);
  if (!b->ok) return false;
  size_t start = Index(info[1], b->n, 0), end = Index(info[2], b->n, b->n);
  if (end < start) end = start;
  b->p += start;
  b->n = end - start;
  return true;
}

void Give(const FunctionCallbackInfo<Value>& info, MaybeLocal<String> s) {
  Local<String> out;
  if (s.ToLocal(&out)) info.GetReturnValue().Set(out);
  else ThrowTooLong(info.GetIsolate());
}

bool AllAscii(const uint8_t* p, size_t n) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    uint64_t w;
    memcpy(&w, p + i, 8);
    if (w & 0x8080808080808080ull) return false;
  }
  for (; i < n; i++)
    if (p[i] & 0x80) return false;
  return true;
}

MaybeLocal<String> Latin1(Isolate* iso, const uint8_t* p, size_t n) {
  if (n > (size_t)String::kMaxLength) return MaybeLocal<String>();
  return String::NewFromOneByte(iso, p, NewStringType::kNormal, (int)n);
}
MaybeLocal<String> Utf8(Isolate* iso, const uint8_t* p, size_t n) {
  if (n <= (size_t)String::kMaxLength && AllAscii(p, n)) return Latin1(iso, p, n);
  if (n > (size_t)INT32_MAX) return MaybeLocal<String>();
  return String::NewFromUtf8(iso, reinterpret_cast<const char*>(p), NewStringType::kNormal, (int)n);
}

void Utf8Slice(const FunctionCallbackInfo<Value>& info) {
  Bytes b;
  if (Range(info, &b)) Give(info, Utf8(info.GetIsolate(), b.p, b.n));
}
void Latin1Slice(const FunctionCallbackInfo<Value>& info) {
  Bytes b;
  if (Range(info, &b)) Give(info, Latin1(info.GetIsolate(), b.p, b.n));
}
void AsciiSlice(const FunctionCallbackInfo<Value>& info) {
  Bytes b;
  if (!Range(info, &b)) return;
  if (AllAscii(b.p, b.n)) return Give(info, Latin1(info.GetIsolate(), b.p, b.n));
  if (b.n > (size_t)String::kMaxLength) return ThrowTooLong(info.GetIsolate());
  std::vector<uint8_t> low(b.n);
  for (size_t i = 0; i < b.n; i++) low[i] = b.p[i] & 0x7f;
  Give(info, Latin1(info.GetIsolate(), low.data(), low.size()));
}
void Ucs2Slice(const FunctionCallbackInfo<Value>& info) {
  Bytes b;
  if (!Range(info, &b)) return;
  size_t n = b.n / 2;
  if (n > (size_t)String::kMaxLength) return ThrowTooLong(info.GetIsolate());
  std::vector<uint16_t> units(n ? n : 1);
  memcpy(units.data(), b.p, n * 2);
  Give(info, String::NewFromTwoByte(info.GetIsolate(), units.data(), NewStringType::kNormal, (int)n));
}
void HexSlice(const FunctionCallbackInfo<Value>& info) {
  static const char digits[] = "0123456789abcdef";
  Bytes b;
  if (!Range(info, &b)) return;
  if (b.n * 2 > (size_t)String::kMaxLength) return ThrowTooLong(info.GetIsolate());
  std::vector<uint8_t> out(b.n * 2 + 1);
  for (size_t i = 0; i < b.n; i++) {
    out[2 * i] = digits[b.p[i] >> 4];
    out[2 * i + 1] = digits[b.p[i] & 15];
  }
  Give(info, Latin1(info.GetIsolate(), out.data(), b.n * 2));
}

const char kStd[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const char kUrl[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void Base64(const FunctionCallbackInfo<Value>& info, const char* alphabet, bool pad) {
  Bytes b;
  if (!Range(info, &b)) return;
  if ((b.n + 2) / 3 * 4 > (size_t)String::kMaxLength) return ThrowTooLong(info.GetIsolate());
  std::vector<uint8_t> out((b.n + 2) / 3 * 4 + 1);
  uint8_t* o = out.data();
  size_t i = 0;
  for (; i + 3 <= b.n; i += 3) {
    uint32_t w = (uint32_t)b.p[i] << 16 | (uint32_t)b.p[i + 1] << 8 | b.p[i + 2];
    *o++ = alphabet[w >> 18];
    *o++ = alphabet[w >> 12 & 63];
    *o++ = alphabet[w >> 6 & 63];
    *o++ = alphabet[w & 63];
  }
  if (b.n - i == 1) {
    uint32_t w = (uint32_t)b.p[i] << 16;
    *o++ = alphabet[w >> 18];
    *o++ = alphabet[w >> 12 & 63];
    if (pad) *o++ = '=', *o++ = '=';
  } else if (b.n - i == 2) {
    uint32_t w = (uint32_t)b.p[i] << 16 | (uint32_t)b.p[i + 1] << 8;
    *o++ = alphabet[w >> 18];
    *o++ = alphabet[w >> 12 & 63];
    *o++ = alphabet[w >> 6 & 63];
    if (pad) *o++ = '=';
  }
  Give(info, Latin1(info.GetIsolate(), out.data(), o - out.data()));
}
void Base64Slice(const FunctionCallbackInfo<Value>& info) { Base64(info, kStd, true); }
void Base64urlSlice(const FunctionCallbackInfo<Value>& info) { Base64(info, kUrl, false); }

// Every write takes (buffer, string, offset, length) and gives the bytes written.
bool Target(const FunctionCallbackInfo<Value>& info, Bytes* b) {
  *b = BytesOf(info[0]);
  if (!b->ok || !info[1]->IsString()) return false;
  size_t offset = Index(info[2], b->n, 0);
  size_t length = Index(info[3], b->n - offset, b->n - offset);
  b->p += offset;
  b->n = length;
  return true;
}
void Utf8Write(const FunctionCallbackInfo<Value>& info) {
  Bytes b;
  if (!Target(info, &b)) return;
  size_t n = b.n ? info[1].As<String>()->WriteUtf8V2(info.GetIsolate(), reinterpret_cast<char*>(b.p), b.n, String::WriteFlags::kReplaceInvalidUtf8) : 0;
  info.GetReturnValue().Set((double)n);
}
void Latin1Write(const FunctionCallbackInfo<Value>& info) {
  Bytes b;
  if (!Target(info, &b)) return;
  Local<String> s = info[1].As<String>();
  uint32_t n = (uint32_t)std::min<size_t>(b.n, s->Length());
  if (n) s->WriteOneByteV2(info.GetIsolate(), 0, n, b.p);
  info.GetReturnValue().Set(n);
}
void Ucs2Write(const FunctionCallbackInfo<Value>& info) {
  Bytes b;
  if (!Target(info, &b)) return;
  Local<String> s = info[1].As<String>();
  uint32_t n = (uint32_t)std::min<size_t>(b.n / 2, s->Length());
  if (n) {
    if (reinterpret_cast<uintptr_t>(b.p) % 2 == 0) {
      s->WriteV2(info.GetIsolate(), 0, n, reinterpret_cast<uint16_t*>(b.p));
    } else {
      std::vector<uint16_t> units(n);
      s->WriteV2(info.GetIsolate(), 0, n, units.data());
      memcpy(b.p, units.data(), n * 2);
    }
  }
  info.GetReturnValue().Set(n * 2);
}
int HexDigit(uint16_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
std::vector<uint16_t> Units(Isolate* iso, Local<String> s) {
  std::vector<uint16_t> u(s->Length());
  if (!u.empty()) s->WriteV2(iso, 0, (uint32_t)u.size(), u.data());
  return u;
}
void HexWrite(const FunctionCallbackInfo<Value>& info) {
  Bytes b;
  if (!Target(info, &b)) return;
  std::vector<uint16_t> u = Units(info.GetIsolate(), info[1].As<String>());
  size_t n = 0;
  while (n < b.n && 2 * n + 1 < u.size()) {
    int hi = HexDigit(u[2 * n]), lo = HexDigit(u[2 * n + 1]);
    if (hi < 0 || lo < 0) break;
    b.p[n++] = (uint8_t)(hi << 4 | lo);
  }
  info.GetReturnValue().Set((double)n);
}
struct Base64Table {
  int8_t v[256];
  Base64Table() {
    memset(v, -1, sizeof v);
    for (int i = 0; i < 64; i++) v[(uint8_t)kStd[i]] = (int8_t)i;
    v['-'] = 62;
    v['_'] = 63;
  }
};
const Base64Table base64_table;
// Lenient: both alphabets, anything else is passed over, '=' ends.
void Base64Write(const FunctionCallbackInfo<Value>& info) {
  Bytes b;
  if (!Target(info, &b)) return;
  Isolate* iso = info.GetIsolate();
  Local<String> s = info[1].As<String>();
  size_t n = 0, length = s->Length();
  uint32_t bits = 0;
  int have = 0;
  auto feed = [&](unsigned c) {  // false: stop
    if (c == '=') return false;
    int v = c < 256 ? base64_table.v[c] : -1;
    if (v < 0) return true;
    bits = bits << 6 | (uint32_t)v;
    have += 6;
    if (have >= 8) {
      have -= 8;
      if (n >= b.n) return false;
      b.p[n++] = (uint8_t)(bits >> have);
    }
    return true;
  };
  if (s->IsOneByte()) {
    std::vector<uint8_t> text(length ? length : 1);
    if (length) s->WriteOneByteV2(iso, 0, (uint32_t)length, text.data());
    for (size_t i = 0; i < length; i++)
      if (!feed(text[i])) break;
  } else {
    std::vector<uint16_t> text = Units(iso, s);
    for (uint16_t c : text)
      if (!feed(c)) break;
  }
  info.GetReturnValue().Set((double)n);
}

void Utf8ByteLength(const FunctionCallbackInfo<Value>& info) {
  if (info[0]->IsString()) info.GetReturnValue().Set((double)info[0].As<String>()->Utf8LengthV2(info.GetIsolate()));
}

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
  Bytes a = BytesOf(info[0]), b = BytesOf(info[1]);
  if (a.ok && b.ok) info.GetReturnValue().Set(Compare(a.p, a.n, b.p, b.n));
}
// compareRange(a, aStart, aLength, b, bStart, bLength)
void CompareRange(const FunctionCallbackInfo<Value>& info) {
  Bytes a = BytesOf(info[0]), b = BytesOf(info[3]);
  if (!a.ok || !b.ok) return;
  size_t as = Index(info[1], a.n, 0), al = Index(info[2], a.n - as, a.n - as);
  size_t bs = Index(info[4], b.n, 0), bl = Index(info[5], b.n - bs, b.n - bs);
  info.GetReturnValue().Set(Compare(a.p + as, al, b.p + bs, bl));
}
// fillBytes(buffer, pattern: Uint8Array | number, start, end): false when the pattern is empty
void FillBytes(const FunctionCallbackInfo<Value>& info) {
  Bytes b = BytesOf(info[0]);
  if (!b.ok) return;
  size_t start = Index(info[2], b.n, 0), end = Index(info[3], b.n, b.n);
  if (end <= start) {
    info.GetReturnValue().Set(true);
    return;
  }
  uint8_t* p = b.p + start;
  size_t n = end - start;
  if (info[1]->IsNumber()) {
    memset(p, (int)((int64_t)info[1].As<Number>()->Value() & 255), n);
  } else {
    Bytes pattern = BytesOf(info[1]);
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
  Bytes from = BytesOf(info[0]), to = BytesOf(info[1]);
  if (!from.ok || !to.ok) return;
  size_t at = Index(info[2], to.n, 0), start = Index(info[3], from.n, 0);
  size_t room = std::min(to.n - at, from.n - start);
  size_t n = Index(info[4], room, room);
  if (n) memmove(to.p + at, from.p + start, n);
  info.GetReturnValue().Set((double)n);
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
      const void* at = memmem(hay + i, hn - i, needle, nn);
      return at ? (double)(static_cast<const uint8_t*>(at) - hay) : -1;
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
  Bytes hay = BytesOf(info[0]), needle = BytesOf(info[1]);
  if (!hay.ok || !needle.ok || needle.n == 0) {
    info.GetReturnValue().Set(-1);
    return;
  }
  double offset = info[2]->IsNumber() ? info[2].As<Number>()->Value() : 0;
  size_t step = info[4]->IsInt32() && info[4].As<Int32>()->Value() == 2 ? 2 : 1;
  info.GetReturnValue().Set(Find(hay.p, hay.n, needle.p, needle.n, offset, info[3]->IsTrue(), step));
}
void IndexOfByte(const FunctionCallbackInfo<Value>& info) {
  Bytes hay = BytesOf(info[0]);
  if (!hay.ok || !info[1]->IsNumber()) return;
  uint8_t byte = (uint8_t)((int64_t)info[1].As<Number>()->Value() & 255);
  double offset = info[2]->IsNumber() ? info[2].As<Number>()->Value() : 0;
  info.GetReturnValue().Set(Find(hay.p, hay.n, &byte, 1, offset, info[3]->IsTrue(), 1));
}

// Length of the well-formed UTF-8 sequence at p, or 0 (Unicode 15, table 3-7).
size_t Sequence(const uint8_t* p, size_t n) {
  uint8_t c = p[0];
  if (c < 0x80) return 1;
  auto cont = [&](size_t i, uint8_t lo, uint8_t hi) { return i < n && p[i] >= lo && p[i] <= hi; };
  if (c >= 0xC2 && c <= 0xDF) return cont(1, 0x80, 0xBF) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    uint8_t lo = c == 0xE0 ? 0xA0 : 0x80, hi = c == 0xED ? 0x9F : 0xBF;
    return cont(1, lo, hi) && cont(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    uint8_t lo = c == 0xF0 ? 0x90 : 0x80, hi = c == 0xF4 ? 0x8F : 0xBF;
    return cont(1, lo, hi) && cont(2, 0x80, 0xBF) && cont(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}
bool ValidUtf8(const uint8_t* p, size_t n) {
  size_t i = 0;
  while (i < n) {
    if (i + 8 <= n) {
      uint64_t w;
      memcpy(&w, p + i, 8);
      if (!(w & 0x8080808080808080ull)) {
        i += 8;
        continue;
      }
    }
    size_t k = Sequence(p + i, n - i);
    if (!k) return false;
    i += k;
  }
  return true;
}
void IsUtf8(const FunctionCallbackInfo<Value>& info) {
  Bytes b = BytesOf(info[0]);
  info.GetReturnValue().Set(b.ok && ValidUtf8(b.p, b.n));
}
void IsAscii(const FunctionCallbackInfo<Value>& info) {
  Bytes b = BytesOf(info[0]);
  info.GetReturnValue().Set(b.ok && AllAscii(b.p, b.n));
}
void ToWellFormed(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsString()) return;
  Local<String> s = info[0].As<String>();
  if (s->IsOneByte()) {
    info.GetReturnValue().Set(s);
    return;
  }
  std::vector<uint16_t> u = Units(info.GetIsolate(), s);
  for (size_t i = 0; i < u.size(); i++) {
    if ((u[i] & 0xFC00) == 0xD800 && i + 1 < u.size() && (u[i + 1] & 0xFC00) == 0xDC00) i++;
    else if ((u[i] & 0xF800) == 0xD800) u[i] = 0xFFFD;
  }
  Give(info, String::NewFromTwoByte(info.GetIsolate(), u.data(), NewStringType::kNormal, (int)u.size()));
}
// decodeUtf8(bytes, ignoreBOM, fatal) → string; throws when fatal and not well-formed
void DecodeUtf8(const FunctionCallbackInfo<Value>& info) {
  Bytes b = BytesOf(info[0]);
  if (!b.ok) return;
  Isolate* iso = info.GetIsolate();
  if (info[2]->IsTrue() && !ValidUtf8(b.p, b.n)) {
    Local<Value> e = Exception::TypeError(rt_str(iso, "The encoded data was not valid for encoding utf-8"));
    (void)e.As<Object>()->Set(iso->GetCurrentContext(), rt_str(iso, "code"), rt_str(iso, "ERR_ENCODING_INVALID_ENCODED_DATA"));
    iso->ThrowException(e);
    return;
  }
  if (!info[1]->IsTrue() && b.n >= 3 && b.p[0] == 0xEF && b.p[1] == 0xBB && b.p[2] == 0xBF) {
    b.p += 3;
    b.n -= 3;
  }
  Give(info, Utf8(iso, b.p, b.n));
}
// encodeUtf8(string) → Uint8Array
void EncodeUtf8(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsString()) return;
  Isolate* iso = info.GetIsolate();
  Local<String> s = info[0].As<String>();
  size_t n = s->Utf8LengthV2(iso);
  std::unique_ptr<BackingStore> store = ArrayBuffer::NewBackingStore(iso, n, BackingStoreInitializationMode::kUninitialized);
  if (n) s->WriteUtf8V2(iso, static_cast<char*>(store->Data()), n, String::WriteFlags::kReplaceInvalidUtf8);
  info.GetReturnValue().Set(Uint8Array::New(ArrayBuffer::New(iso, std::move(store)), 0, n));
}
// encodeInto(string, target, result: Uint32Array[2]): [code units read, bytes written]
void EncodeInto(const FunctionCallbackInfo<Value>& info) {
  Bytes to = BytesOf(info[1]), result = BytesOf(info[2]);
  if (!info[0]->IsString() || !to.ok || !result.ok || result.n < 8) return;
  size_t read = 0;
  size_t written = to.n ? info[0].As<String>()->WriteUtf8V2(info.GetIsolate(), reinterpret_cast<char*>(to.p), to.n,
                                                           String::WriteFlags::kReplaceInvalidUtf8, &read)
                        : 0;
  uint32_t out[2] = {(uint32_t)read, (uint32_t)written};
  memcpy(result.p, out, 8);
}

}  // namespace

void rt_natives_bytes(std::vector<rt_builtin_native>* out) {
  out->push_back({"utf8Slice", Utf8Slice, true});
  out->push_back({"latin1Slice", Latin1Slice, true});
  out->push_back({"asciiSlice", AsciiSlice, true});
  out->push_back({"ucs2Slice", Ucs2Slice, true});
  out->push_back({"hexSlice", HexSlice, true});
  out->push_back({"base64Slice", Base64Slice, true});
  out->push_back({"base64urlSlice", Base64urlSlice, true});
  out->push_back({"utf8Write", Utf8Write, false});
  out->push_back({"latin1Write", Latin1Write, false});
  out->push_back({"asciiWrite", Latin1Write, false});
  out->push_back({"ucs2Write", Ucs2Write, false});
  out->push_back({"hexWrite", HexWrite, false});
  out->push_back({"base64Write", Base64Write, false});
  out->push_back({"utf8ByteLength", Utf8ByteLength, true});
  out->push_back({"allocUninitialized", AllocUninitialized, false});
  out->push_back({"compareBytes", CompareBytes, true});
  out->push_back({"compareRange", CompareRange, true});
  out->push_back({"fillBytes", FillBytes, false});
  out->push_back({"copyBytes", CopyBytes, false});
  out->push_back({"indexOfBytes", IndexOfBytes, true});
  out->push_back({"indexOfByte", IndexOfByte, true});
  out->push_back({"isUtf8", IsUtf8, true});
  out->push_back({"isAscii", IsAscii, true});
  out->push_back({"toWellFormed", ToWellFormed, true});
  out->push_back({"decodeUtf8", DecodeUtf8, true});
  out->push_back({"encodeUtf8", EncodeUtf8, true});
  out->push_back({"encodeInto", EncodeInto, false});
}
