// bytes.h: the memory of a view or buffer as natives see it. Borrowed until JavaScript runs.
#ifndef RT_BYTES_H_
#define RT_BYTES_H_

#include "rt_internal.h"

struct rt_bytes {
  uint8_t* p = nullptr;
  size_t n = 0;
  bool ok = false;  // it was a view, an ArrayBuffer or a SharedArrayBuffer
};

inline bool rt_is_view(v8::Local<v8::Value> v) {
  using v8::internal::Internals;
  v8::internal::Address address = v8::internal::ValueHelper::ValueAsAddress(*v);
  return (Internals::HasHeapObjectTag(address) && Internals::GetInstanceType(address) == rt_typed_array_type.load(std::memory_order_relaxed)) || v->IsArrayBufferView();
}

// The bytes of v; never null when ok. A typed array that V8 keeps in its heap moves its elements out first.
inline rt_bytes rt_bytes_of(v8::Local<v8::Value> v) {
  static uint8_t nothing;
  rt_bytes b;
  if (rt_is_view(v)) {
    v8::Local<v8::ArrayBufferView> view = v.As<v8::ArrayBufferView>();
    // GetContents copies what lies in the heap to memory that it is given: that tells in one call where it lies.
    uint8_t copied[256];
    v8::MemorySpan<uint8_t> contents = view->GetContents({copied, sizeof copied});
    if (contents.data() == copied) {
      v8::HandleScope scope(v8::Isolate::GetCurrent());
      (void)view->Buffer();
      contents = view->GetContents({copied, sizeof copied});
    }
    b = {contents.data(), contents.size(), true};
  } else if (v->IsArrayBuffer()) {
    b = {static_cast<uint8_t*>(v.As<v8::ArrayBuffer>()->Data()), v.As<v8::ArrayBuffer>()->ByteLength(), true};
  } else if (v->IsSharedArrayBuffer()) {
    b = {static_cast<uint8_t*>(v.As<v8::SharedArrayBuffer>()->GetBackingStore()->Data()), v.As<v8::SharedArrayBuffer>()->ByteLength(), true};
  }
  if (b.n == 0) b.p = &nothing;
  return b;
}

// A number argument as an index: not below 0, not above max; absent is `missing`.
inline size_t rt_index(v8::Local<v8::Value> v, size_t max, size_t missing) {
  double d;
  if (v->IsInt32()) d = v.As<v8::Int32>()->Value();
  else if (v->IsNumber()) d = v.As<v8::Number>()->Value();
  else return missing;
  if (!(d > 0)) return 0;
  if (d >= (double)max) return max;
  return (size_t)d;
}

#endif  // RT_BYTES_H_
