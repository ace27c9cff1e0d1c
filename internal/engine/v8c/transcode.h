// transcode.h: text between encodings, as fast as the machine can. No V8 types; no allocation; nothing here throws.
//
// V8 links the library simdutf for its own strings. Where the V8 at hand exports it, it is called (the references are weak); where it
// doesn't, the portable loops below do the same work.
#ifndef RT_TRANSCODE_H_
#define RT_TRANSCODE_H_

#include <cstddef>
#include <cstdint>

// All bytes are below 0x80.
bool rt_is_ascii(const uint8_t* p, size_t n);
// Well-formed UTF-8 (Unicode 15, table 3-7).
bool rt_is_utf8(const uint8_t* p, size_t n);

// Bytes that UTF-8 needs for Latin-1 text.
size_t rt_latin1_utf8_length(const uint8_t* p, size_t n);
// Latin-1 to UTF-8, whole characters that fit into cap bytes; gives the bytes written.
size_t rt_latin1_to_utf8(const uint8_t* p, size_t n, uint8_t* out, size_t cap);
// Bytes that UTF-8 needs for UTF-16 text; 0 when a surrogate stands alone or the library isn't there: the caller has another way.
size_t rt_utf16_utf8_length(const uint16_t* p, size_t n);
// UTF-16 to UTF-8; out holds 3 * n bytes. 0 as above.
size_t rt_utf16_to_utf8(const uint16_t* p, size_t n, uint8_t* out);
// UTF-8 to Latin-1; out holds n bytes. 0 when a character lies beyond, the text is malformed or the library isn't there.
size_t rt_utf8_to_latin1(const uint8_t* p, size_t n, uint8_t* out);
// UTF-8 to UTF-16; out holds n units. 0 when the text is malformed or the library isn't there.
size_t rt_utf8_to_utf16(const uint8_t* p, size_t n, uint16_t* out);

// 2 * n lower-case digits.
void rt_hex_encode(const uint8_t* p, size_t n, uint8_t* out);
// Up to cap bytes, until the digits end (n of them) or something is no digit; gives the bytes written.
size_t rt_hex_decode(const uint8_t* p, size_t n, uint8_t* out, size_t cap);
size_t rt_hex_decode(const uint16_t* p, size_t n, uint8_t* out, size_t cap);

// Base64 (RFC 4648) to out, which holds (n + 2) / 3 * 4; gives the characters written. url: section 5, without padding.
size_t rt_base64_encode(const uint8_t* p, size_t n, uint8_t* out, bool url);
// Lenient: both alphabets, anything else is passed over, '=' ends. Gives the bytes written, at most cap.
size_t rt_base64_decode(const uint8_t* p, size_t n, uint8_t* out, size_t cap);
size_t rt_base64_decode(const uint16_t* p, size_t n, uint8_t* out, size_t cap);

#endif  // RT_TRANSCODE_H_
