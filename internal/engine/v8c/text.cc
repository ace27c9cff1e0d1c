// text.cc: strings to bytes and back, for Buffer, TextEncoder and TextDecoder, on memory that V8 owns. No crossing into Go.
#include <v8-fast-api-calls.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "bytes.h"
#include "transcode.h"

using namespace v8;

namespace {

void ThrowTooLong(Isolate* iso) {
  Local<Value> e = Exception::Error(rt_str(iso, "Cannot create a string longer than 0x1fffffe8 characters"));
  (void)e.As<Object>()->Set(iso->GetCurrentContext(), rt_str(iso, "code"), rt_str(iso, "ERR_STRING_TOO_LONG"));
  iso->ThrowException(e);
}

// Memory for n elements until the end of the scope: on the stack when there are few.
template <typename T>
class Room {
 public:
  explicit Room(size_t n) : p_(n <= kInline ? here_ : new T[n]) {}
  ~Room() {
    if (p_ != here_) delete[] p_;
  }
  Room(const Room&) = delete;
  void operator=(const Room&) = delete;
  T* get() { return p_; }

 private:
  static const size_t kInline = 4096 / sizeof(T);
  T here_[kInline];
  T* p_;
};

// ---- bytes to strings ----

// Every slice takes (buffer, start, end).
bool Range(const FunctionCallbackInfo<Value>& info, rt_bytes* b) {
  *b = rt_bytes_of(info[0]);
  if (!b->ok) return false;
  size_t start = rt_index(info[1], b->n, 0), end = rt_index(info[2], b->n, b->n);
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

MaybeLocal<String> Latin1(Isolate* iso, const uint8_t* p, size_t n) {
  if (n > (size_t)String::kMaxLength) return MaybeLocal<String>();
  return String::NewFromOneByte(iso, p, NewStringType::kNormal, (int)n);
}

// Malformed sequences become U+FFFD, as the Encoding standard has it.
MaybeLocal<String> Utf8(Isolate* iso, const uint8_t* p, size_t n) {
  if (n <= (size_t)String::kMaxLength) {
    if (rt_is_ascii(p, n)) return Latin1(iso, p, n);
    if (n > 16) {
      Room<uint8_t> narrow(n);
      if (size_t length = rt_utf8_to_latin1(p, n, narrow.get())) return Latin1(iso, narrow.get(), length);
      Room<uint16_t> wide(n);
      if (size_t length = rt_utf8_to_utf16(p, n, wide.get())) return String::NewFromTwoByte(iso, wide.get(), NewStringType::kNormal, (int)length);
    }
  }
  if (n > (size_t)INT32_MAX) return MaybeLocal<String>();
  return String::NewFromUtf8(iso, reinterpret_cast<const char*>(p), NewStringType::kNormal, (int)n);
}

void Utf8Slice(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b;
  if (Range(info, &b)) Give(info, Utf8(info.GetIsolate(), b.p, b.n));
}
void Latin1Slice(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b;
  if (Range(info, &b)) Give(info, Latin1(info.GetIsolate(), b.p, b.n));
}
void AsciiSlice(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b;
  if (!Range(info, &b)) return;
  if (rt_is_ascii(b.p, b.n)) return Give(info, Latin1(info.GetIsolate(), b.p, b.n));
  if (b.n > (size_t)String::kMaxLength) return ThrowTooLong(info.GetIsolate());
  Room<uint8_t> low(b.n);
  for (size_t i = 0; i < b.n; i++) low.get()[i] = b.p[i] & 0x7f;
  Give(info, Latin1(info.GetIsolate(), low.get(), b.n));
}
void Ucs2Slice(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b;
  if (!Range(info, &b)) return;
  size_t n = b.n / 2;
  if (n > (size_t)String::kMaxLength) return ThrowTooLong(info.GetIsolate());
  if (reinterpret_cast<uintptr_t>(b.p) % 2 == 0)
    return Give(info, String::NewFromTwoByte(info.GetIsolate(), reinterpret_cast<uint16_t*>(b.p), NewStringType::kNormal, (int)n));
  Room<uint16_t> units(n);
  memcpy(units.get(), b.p, n * 2);
  Give(info, String::NewFromTwoByte(info.GetIsolate(), units.get(), NewStringType::kNormal, (int)n));
}
void HexSlice(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b;
  if (!Range(info, &b)) return;
  if (b.n * 2 > (size_t)String::kMaxLength) return ThrowTooLong(info.GetIsolate());
  Room<uint8_t> out(b.n * 2);
  rt_hex_encode(b.p, b.n, out.get());
  Give(info, Latin1(info.GetIsolate(), out.get(), b.n * 2));
}
void Base64(const FunctionCallbackInfo<Value>& info, bool url) {
  rt_bytes b;
  if (!Range(info, &b)) return;
  size_t most = (b.n + 2) / 3 * 4;
  if (most > (size_t)String::kMaxLength) return ThrowTooLong(info.GetIsolate());
  Room<uint8_t> out(most);
  Give(info, Latin1(info.GetIsolate(), out.get(), rt_base64_encode(b.p, b.n, out.get(), url)));
}
void Base64Slice(const FunctionCallbackInfo<Value>& info) { Base64(info, false); }
void Base64urlSlice(const FunctionCallbackInfo<Value>& info) { Base64(info, true); }

// decodeUtf8(bytes, ignoreBOM, fatal) → string; throws when fatal and not well-formed
void DecodeUtf8(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b = rt_bytes_of(info[0]);
  if (!b.ok) return;
  Isolate* iso = info.GetIsolate();
  if (info[2]->IsTrue() && !rt_is_utf8(b.p, b.n)) {
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

// ---- strings to bytes ----

// Every write takes (buffer, string, offset, length) and gives the bytes written.
bool Target(const FunctionCallbackInfo<Value>& info, rt_bytes* b) {
  *b = rt_bytes_of(info[0]);
  if (!b->ok || !info[1]->IsString()) return false;
  size_t offset = rt_index(info[2], b->n, 0);
  size_t length = rt_index(info[3], b->n - offset, b->n - offset);
  b->p += offset;
  b->n = length;
  return true;
}

// The same place for calls from optimised code, whose strings are sequential one-byte ones.
rt_bytes FastTarget(Local<Value> buffer, double offset, double length) {
  rt_bytes b = rt_bytes_of(buffer);
  size_t at = !(offset > 0) ? 0 : offset >= (double)b.n ? b.n : (size_t)offset;
  size_t room = b.n - at;
  return {b.p + at, !(length > 0) ? 0 : length >= (double)room ? room : (size_t)length, b.ok};
}

size_t WriteUtf8(Isolate* iso, Local<String> s, rt_bytes b) {
  if (!b.n) return 0;
  {
    String::ValueView text(iso, s);
    if (text.is_one_byte()) return rt_latin1_to_utf8(text.data8(), text.length(), b.p, b.n);
    if (b.n / 3 >= text.length()) {
      if (size_t n = rt_utf16_to_utf8(text.data16(), text.length(), b.p)) return n;
    }
  }
  return s->WriteUtf8V2(iso, reinterpret_cast<char*>(b.p), b.n, String::WriteFlags::kReplaceInvalidUtf8);
}
void Utf8Write(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b;
  if (Target(info, &b)) info.GetReturnValue().Set((double)WriteUtf8(info.GetIsolate(), info[1].As<String>(), b));
}
double FastUtf8Write(Local<Value>, Local<Value> buffer, const FastOneByteString& text, double offset, double length) {
  rt_bytes b = FastTarget(buffer, offset, length);
  return (double)rt_latin1_to_utf8(reinterpret_cast<const uint8_t*>(text.data), text.length, b.p, b.n);
}
CFunction fast_utf8_write = CFunction::Make(FastUtf8Write);
// utf8WriteSmall(buffer, string, offset, length) is utf8Write for buffers whose indices fit 31 bits: optimised code converts nothing.
int32_t FastUtf8WriteSmall(Local<Value>, Local<Value> buffer, const FastOneByteString& text, int32_t offset, int32_t length) {
  rt_bytes b = rt_bytes_of(buffer);
  if (offset < 0 || length <= 0 || (size_t)offset >= b.n) return 0;
  size_t room = std::min<size_t>((size_t)length, b.n - (size_t)offset);
  return (int32_t)rt_latin1_to_utf8(reinterpret_cast<const uint8_t*>(text.data), text.length, b.p + offset, room);
}
CFunction fast_utf8_write_small = CFunction::Make(FastUtf8WriteSmall);

void Latin1Write(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b;
  if (!Target(info, &b)) return;
  Local<String> s = info[1].As<String>();
  uint32_t n = (uint32_t)std::min<size_t>(b.n, s->Length());
  if (n) s->WriteOneByteV2(info.GetIsolate(), 0, n, b.p);
  info.GetReturnValue().Set(n);
}
double FastLatin1Write(Local<Value>, Local<Value> buffer, const FastOneByteString& text, double offset, double length) {
  rt_bytes b = FastTarget(buffer, offset, length);
  size_t n = std::min<size_t>(b.n, text.length);
  if (n) memcpy(b.p, text.data, n);
  return (double)n;
}
CFunction fast_latin1_write = CFunction::Make(FastLatin1Write);

void Ucs2Write(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b;
  if (!Target(info, &b)) return;
  Local<String> s = info[1].As<String>();
  uint32_t n = (uint32_t)std::min<size_t>(b.n / 2, s->Length());
  if (n) {
    if (reinterpret_cast<uintptr_t>(b.p) % 2 == 0) {
      s->WriteV2(info.GetIsolate(), 0, n, reinterpret_cast<uint16_t*>(b.p));
    } else {
      Room<uint16_t> units(n);
      s->WriteV2(info.GetIsolate(), 0, n, units.get());
      memcpy(b.p, units.get(), n * 2);
    }
  }
  info.GetReturnValue().Set(n * 2);
}

void HexWrite(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b;
  if (!Target(info, &b)) return;
  String::ValueView text(info.GetIsolate(), info[1].As<String>());
  size_t n = text.is_one_byte() ? rt_hex_decode(text.data8(), text.length(), b.p, b.n) : rt_hex_decode(text.data16(), text.length(), b.p, b.n);
  info.GetReturnValue().Set((double)n);
}
void Base64Write(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b;
  if (!Target(info, &b)) return;
  String::ValueView text(info.GetIsolate(), info[1].As<String>());
  size_t n = text.is_one_byte() ? rt_base64_decode(text.data8(), text.length(), b.p, b.n) : rt_base64_decode(text.data16(), text.length(), b.p, b.n);
  info.GetReturnValue().Set((double)n);
}

size_t Utf8Length(Isolate* iso, Local<String> s) {
  {
    String::ValueView text(iso, s);
    if (text.is_one_byte()) return rt_latin1_utf8_length(text.data8(), text.length());
    if (size_t n = rt_utf16_utf8_length(text.data16(), text.length())) return n;
  }
  return s->Utf8LengthV2(iso);
}
void Utf8ByteLength(const FunctionCallbackInfo<Value>& info) {
  if (info[0]->IsString()) info.GetReturnValue().Set((double)Utf8Length(info.GetIsolate(), info[0].As<String>()));
}
double FastUtf8ByteLength(Local<Value>, const FastOneByteString& text) {
  return (double)rt_latin1_utf8_length(reinterpret_cast<const uint8_t*>(text.data), text.length);
}
CFunction fast_utf8_byte_length = CFunction::Make(FastUtf8ByteLength);

// encodeUtf8(string) → Uint8Array
void EncodeUtf8(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsString()) return;
  Isolate* iso = info.GetIsolate();
  Local<String> s = info[0].As<String>();
  size_t n = Utf8Length(iso, s);
  std::unique_ptr<BackingStore> store = ArrayBuffer::NewBackingStore(iso, n, BackingStoreInitializationMode::kUninitialized);
  WriteUtf8(iso, s, {static_cast<uint8_t*>(store->Data()), n, true});
  info.GetReturnValue().Set(Uint8Array::New(ArrayBuffer::New(iso, std::move(store)), 0, n));
}
// encodeInto(string, target, result: Uint32Array[2]): [code units read, bytes written]
void EncodeInto(const FunctionCallbackInfo<Value>& info) {
  rt_bytes to = rt_bytes_of(info[1]), result = rt_bytes_of(info[2]);
  if (!info[0]->IsString() || !to.ok || !result.ok || result.n < 8) return;
  size_t read = 0;
  size_t written = to.n ? info[0].As<String>()->WriteUtf8V2(info.GetIsolate(), reinterpret_cast<char*>(to.p), to.n,
                                                           String::WriteFlags::kReplaceInvalidUtf8, &read)
                        : 0;
  uint32_t out[2] = {(uint32_t)read, (uint32_t)written};
  memcpy(result.p, out, 8);
}

// ---- questions ----

void IsUtf8(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b = rt_bytes_of(info[0]);
  info.GetReturnValue().Set(b.ok && rt_is_utf8(b.p, b.n));
}
void IsAscii(const FunctionCallbackInfo<Value>& info) {
  rt_bytes b = rt_bytes_of(info[0]);
  info.GetReturnValue().Set(b.ok && rt_is_ascii(b.p, b.n));
}
void ToWellFormed(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsString()) return;
  Local<String> s = info[0].As<String>();
  if (s->IsOneByte()) {
    info.GetReturnValue().Set(s);
    return;
  }
  size_t n = s->Length();
  Room<uint16_t> u(n);
  uint16_t* p = u.get();
  s->WriteV2(info.GetIsolate(), 0, (uint32_t)n, p);
  for (size_t i = 0; i < n; i++) {
    if ((p[i] & 0xFC00) == 0xD800 && i + 1 < n && (p[i + 1] & 0xFC00) == 0xDC00) i++;
    else if ((p[i] & 0xF800) == 0xD800) p[i] = 0xFFFD;
  }
  Give(info, String::NewFromTwoByte(info.GetIsolate(), p, NewStringType::kNormal, (int)n));
}

}  // namespace

MaybeLocal<String> rt_utf8_string(Isolate* iso, const uint8_t* p, size_t n) { return Utf8(iso, p, n); }

void rt_natives_text(std::vector<rt_builtin_native>* out) {
  out->push_back({"utf8Slice", Utf8Slice, true});
  out->push_back({"latin1Slice", Latin1Slice, true});
  out->push_back({"asciiSlice", AsciiSlice, true});
  out->push_back({"ucs2Slice", Ucs2Slice, true});
  out->push_back({"hexSlice", HexSlice, true});
  out->push_back({"base64Slice", Base64Slice, true});
  out->push_back({"base64urlSlice", Base64urlSlice, true});
  out->push_back({"decodeUtf8", DecodeUtf8, true});
  out->push_back({"utf8Write", Utf8Write, false, &fast_utf8_write});
  out->push_back({"utf8WriteSmall", Utf8Write, false, &fast_utf8_write_small});
  out->push_back({"latin1Write", Latin1Write, false, &fast_latin1_write});
  out->push_back({"asciiWrite", Latin1Write, false, &fast_latin1_write});
  out->push_back({"ucs2Write", Ucs2Write, false});
  out->push_back({"hexWrite", HexWrite, false});
  out->push_back({"base64Write", Base64Write, false});
  out->push_back({"utf8ByteLength", Utf8ByteLength, true, &fast_utf8_byte_length});
  out->push_back({"encodeUtf8", EncodeUtf8, true});
  out->push_back({"encodeInto", EncodeInto, false});
  out->push_back({"isUtf8", IsUtf8, true});
  out->push_back({"isAscii", IsAscii, true});
  out->push_back({"toWellFormed", ToWellFormed, true});
}
