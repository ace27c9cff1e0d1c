// unpack.h: plain data out of the bytes that V8's serializer wrote, by a reader that knows the shapes of objects. It reads what messages
// and clones mostly are, and leaves the rest to V8's own reader, which can always start again: reading has no effects.
#ifndef RT_UNPACK_H_
#define RT_UNPACK_H_

#include "rt_internal.h"

// Reads one value. Empty when something is there that this reader doesn't know: no exception is pending then, and V8's reader must be asked.
v8::MaybeLocal<v8::Value> rt_unpack(rt_isolate* rt, const uint8_t* data, size_t size);

#endif  // RT_UNPACK_H_
