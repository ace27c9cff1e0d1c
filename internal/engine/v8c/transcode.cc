#include "transcode.h"

#include <cstring>
#include <initializer_list>

// What is called of simdutf: declared here because its headers are not part of V8's. The names carry the types, so a library with other
// ones is as good as absent.
namespace simdutf {
enum base64_options : uint64_t { base64_default = 0, base64_url = 1 };
enum last_chunk_handling_options : uint64_t { loose = 0 };
struct result {
  int error;  // 0: none
  size_t count;
};
#if defined(__linux__)
#define RT_WEAK __attribute__((weak))
RT_WEAK bool validate_ascii(const char*, size_t);
RT_WEAK bool validate_utf8(const char*, size_t);
RT_WEAK size_t utf8_length_from_latin1(const char*, size_t);
RT_WEAK size_t convert_latin1_to_utf8_safe(const char*, size_t, char*, size_t);
RT_WEAK size_t utf8_length_from_utf16(const char16_t*, size_t);
RT_WEAK bool validate_utf16(const char16_t*, size_t);
RT_WEAK size_t convert_utf16_to_utf8(const char16_t*, size_t, char*);
RT_WEAK size_t convert_utf8_to_latin1(const char*, size_t, char*);
RT_WEAK size_t convert_utf8_to_utf16(const char*, size_t, char16_t*);
RT_WEAK size_t binary_to_base64(const char*, size_t, char*, base64_options);
RT_WEAK result base64_to_binary_safe(const char*, size_t, char*, size_t&, base64_options, last_chunk_handling_options);
#define RT_HAVE(f) ((f) != nullptr)
#else
// Other linkers have no weak references to static libraries: the names are there, and never called.
bool validate_ascii(const char*, size_t);
bool validate_utf8(const char*, size_t);
size_t utf8_length_from_latin1(const char*, size_t);
size_t convert_latin1_to_utf8_safe(const char*, size_t, char*, size_t);
size_t utf8_length_from_utf16(const char16_t*, size_t);
bool validate_utf16(const char16_t*, size_t);
size_t convert_utf16_to_utf8(const char16_t*, size_t, char*);
size_t convert_utf8_to_latin1(const char*, size_t, char*);
size_t convert_utf8_to_utf16(const char*, size_t, char16_t*);
size_t binary_to_base64(const char*, size_t, char*, base64_options);
result base64_to_binary_safe(const char*, size_t, char*, size_t&, base64_options, last_chunk_handling_options);
#define RT_HAVE(f) false
#endif
}  // namespace simdutf

namespace {

const char* chars(const uint8_t* p) { return reinterpret_cast<const char*>(p); }
char* chars(uint8_t* p) { return reinterpret_cast<char*>(p); }
const char16_t* units(const uint16_t* p) { return reinterpret_cast<const char16_t*>(p); }
char16_t* units(uint16_t* p) { return reinterpret_cast<char16_t*>(p); }

const size_t kShort = 16;  // below, a loop is as fast as the call
const size_t kWords = 64;  // the same for a loop over words

bool AsciiWord(const uint8_t* p) {
  uint64_t w;
  memcpy(&w, p, 8);
  return !(w & 0x8080808080808080ull);
}

// Length of the well-formed UTF-8 sequence at p, or 0 (Unicode 15, table 3-7).
size_t Sequence(const uint8_t* p, size_t n) {
  uint8_t c = p[0];
  if (c < 0x80) return 1;
  auto continues = [&](size_t i, uint8_t lo, uint8_t hi) { return i < n && p[i] >= lo && p[i] <= hi; };
  if (c >= 0xC2 && c <= 0xDF) return continues(1, 0x80, 0xBF) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    uint8_t lo = c == 0xE0 ? 0xA0 : 0x80, hi = c == 0xED ? 0x9F : 0xBF;
    return continues(1, lo, hi) && continues(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    uint8_t lo = c == 0xF0 ? 0x90 : 0x80, hi = c == 0xF4 ? 0x8F : 0xBF;
    return continues(1, lo, hi) && continues(2, 0x80, 0xBF) && continues(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

const char kStandard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const char kUrl[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Values of digits by character; -1 for the others.
struct Digits {
  int8_t hex[256];
  int8_t base64[256];
  Digits() {
    memset(this, -1, sizeof *this);
    for (int i = 0; i < 64; i++) base64[(uint8_t)kStandard[i]] = (int8_t)i;
    base64['-'] = 62;
    base64['_'] = 63;
    for (int i = 0; i < 10; i++) hex['0' + i] = (int8_t)i;
    for (int i = 0; i < 6; i++) hex['a' + i] = hex['A' + i] = (int8_t)(10 + i);
  }
};
const Digits digits;

// Sixteen bytes in one register; the compiler's own notation, for every machine.
typedef uint8_t Vector __attribute__((vector_size(16)));

// Nibbles to their lower-case digits.
Vector HexDigits(Vector nibbles) { return nibbles + '0' + ((Vector)(nibbles > 9) & (uint8_t)('a' - 10 - '0')); }

template <typename Char>
size_t HexDecode(const Char* p, size_t n, uint8_t* out, size_t cap) {
  size_t pairs = n / 2 < cap ? n / 2 : cap;
  for (size_t i = 0; i < pairs; i++) {
    Char a = p[2 * i], b = p[2 * i + 1];
    if (sizeof(Char) > 1 && (a > 255 || b > 255)) return i;
    int value = digits.hex[(uint8_t)a] << 4 | digits.hex[(uint8_t)b];  // negative when one of them is
    if (value < 0) return i;
    out[i] = (uint8_t)value;
  }
  return pairs;
}

template <typename Char>
size_t Base64Decode(const Char* p, size_t n, uint8_t* out, size_t cap) {
  size_t written = 0;
  uint32_t bits = 0;
  int have = 0;
  for (size_t i = 0; i < n; i++) {
    if (p[i] == '=') break;
    int value = p[i] < 256 ? digits.base64[(uint8_t)p[i]] : -1;
    if (value < 0) continue;
    bits = bits << 6 | (uint32_t)value;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    if (written >= cap) break;
    out[written++] = (uint8_t)(bits >> have);
  }
  return written;
}

}  // namespace

bool rt_is_ascii(const uint8_t* p, size_t n) {
  if (RT_HAVE(simdutf::validate_ascii) && n > 64) return simdutf::validate_ascii(chars(p), n);
  size_t i = 0;
  for (; i + 8 <= n; i += 8)
    if (!AsciiWord(p + i)) return false;
  for (; i < n; i++)
    if (p[i] & 0x80) return false;
  return true;
}

bool rt_is_utf8(const uint8_t* p, size_t n) {
  if (RT_HAVE(simdutf::validate_utf8)) return simdutf::validate_utf8(chars(p), n);
  size_t i = 0;
  while (i < n) {
    if (i + 8 <= n && AsciiWord(p + i)) {
      i += 8;
      continue;
    }
    size_t k = Sequence(p + i, n - i);
    if (!k) return false;
    i += k;
  }
  return true;
}

size_t rt_latin1_utf8_length(const uint8_t* p, size_t n) {
  if (RT_HAVE(simdutf::utf8_length_from_latin1) && n > kShort) return simdutf::utf8_length_from_latin1(chars(p), n);
  size_t length = n;
  for (size_t i = 0; i < n; i++) length += p[i] >> 7;
  return length;
}

size_t rt_latin1_to_utf8(const uint8_t* p, size_t n, uint8_t* out, size_t cap) {
  size_t i = 0;
  if (RT_HAVE(simdutf::convert_latin1_to_utf8_safe) && n > kWords) return simdutf::convert_latin1_to_utf8_safe(chars(p), n, chars(out), cap);
  for (; i + 8 <= n && i + 8 <= cap && AsciiWord(p + i); i += 8) memcpy(out + i, p + i, 8);
  size_t w = i;
  for (; i < n; i++) {
    if (p[i] < 0x80) {
      if (w >= cap) break;
      out[w++] = p[i];
    } else {
      if (w + 2 > cap) break;
      out[w++] = (uint8_t)(0xC0 | p[i] >> 6);
      out[w++] = (uint8_t)(0x80 | (p[i] & 0x3F));
    }
  }
  return w;
}

size_t rt_utf16_utf8_length(const uint16_t* p, size_t n) {
  if (!RT_HAVE(simdutf::utf8_length_from_utf16) || !RT_HAVE(simdutf::validate_utf16)) return 0;
  return simdutf::validate_utf16(units(p), n) ? simdutf::utf8_length_from_utf16(units(p), n) : 0;
}

size_t rt_utf16_to_utf8(const uint16_t* p, size_t n, uint8_t* out) {
  return RT_HAVE(simdutf::convert_utf16_to_utf8) ? simdutf::convert_utf16_to_utf8(units(p), n, chars(out)) : 0;
}

size_t rt_utf8_to_latin1(const uint8_t* p, size_t n, uint8_t* out) {
  return RT_HAVE(simdutf::convert_utf8_to_latin1) ? simdutf::convert_utf8_to_latin1(chars(p), n, chars(out)) : 0;
}

size_t rt_utf8_to_utf16(const uint8_t* p, size_t n, uint16_t* out) {
  return RT_HAVE(simdutf::convert_utf8_to_utf16) ? simdutf::convert_utf8_to_utf16(chars(p), n, units(out)) : 0;
}

void rt_hex_encode(const uint8_t* p, size_t n, uint8_t* out) {
  static const char text[] = "0123456789abcdef";
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    Vector bytes;
    memcpy(&bytes, p + i, 16);
    Vector high = bytes >> 4, low = bytes & 15;
    Vector first = HexDigits(__builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    Vector second = HexDigits(__builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
    memcpy(out + 2 * i, &first, 16);
    memcpy(out + 2 * i + 16, &second, 16);
  }
  for (; i < n; i++) {
    out[2 * i] = (uint8_t)text[p[i] >> 4];
    out[2 * i + 1] = (uint8_t)text[p[i] & 15];
  }
}

size_t rt_hex_decode(const uint8_t* p, size_t n, uint8_t* out, size_t cap) { return HexDecode(p, n, out, cap); }
size_t rt_hex_decode(const uint16_t* p, size_t n, uint8_t* out, size_t cap) { return HexDecode(p, n, out, cap); }

size_t rt_base64_encode(const uint8_t* p, size_t n, uint8_t* out, bool url) {
  if (RT_HAVE(simdutf::binary_to_base64)) return simdutf::binary_to_base64(chars(p), n, chars(out), url ? simdutf::base64_url : simdutf::base64_default);
  const char* alphabet = url ? kUrl : kStandard;
  uint8_t* o = out;
  for (size_t i = 0; i < n; i += 3) {
    size_t left = n - i;
    uint32_t w = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);
    *o++ = (uint8_t)alphabet[w >> 18];
    *o++ = (uint8_t)alphabet[w >> 12 & 63];
    if (left > 1) *o++ = (uint8_t)alphabet[w >> 6 & 63];
    else if (!url) *o++ = '=';
    if (left > 2) *o++ = (uint8_t)alphabet[w & 63];
    else if (!url) *o++ = '=';
  }
  return (size_t)(o - out);
}

// The library takes what is well-formed in one alphabet; the rest is for the lenient loop.
size_t rt_base64_decode(const uint8_t* p, size_t n, uint8_t* out, size_t cap) {
  if (RT_HAVE(static_cast<simdutf::result (*)(const char*, size_t, char*, size_t&, simdutf::base64_options, simdutf::last_chunk_handling_options)>(
          simdutf::base64_to_binary_safe))) {
    for (auto alphabet : {simdutf::base64_default, simdutf::base64_url}) {
      size_t written = cap;
      if (simdutf::base64_to_binary_safe(chars(p), n, chars(out), written, alphabet, simdutf::loose).error == 0) return written;
    }
  }
  return Base64Decode(p, n, out, cap);
}

size_t rt_base64_decode(const uint16_t* p, size_t n, uint8_t* out, size_t cap) { return Base64Decode(p, n, out, cap); }
