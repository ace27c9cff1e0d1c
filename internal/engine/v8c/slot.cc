// slot.cc: values to slots and back, natives of Go, references to Go values.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "_cgo_export.h"
#include "rt_internal.h"

using namespace v8;

// rt_ref ties a JS object to a Go value's id. The object's internal fields hold the marker and the id; the weak handle tells when it
// was collected. The first pass of the weak callback only unlinks; Go hears of it later, on the isolate's thread, outside GC.
struct rt_ref {
  rt_isolate* rt;
  uint64_t id;
  Global<Object> object;
  rt_ref* prev;
  rt_ref* next;
};

namespace {
int ref_marker;  // its address marks the first internal field

void OnWeak(const WeakCallbackInfo<rt_ref>& info) {
  rt_ref* ref = info.GetParameter();
  ref->object.Reset();
  ref->rt->dropped.push_back(ref);
}

void Unlink(rt_isolate* rt, rt_ref* ref) {
  if (ref->prev) ref->prev->next = ref->next;
  else rt->refs = ref->next;
  if (ref->next) ref->next->prev = ref->prev;
}
}  // namespace

Local<Object> rt_ref_new(rt_isolate* rt, uint64_t id) {
  Isolate* iso = rt->iso;
  Local<Object> o = rt->ref_template.Get(iso)->NewInstance(rt->ctx()).ToLocalChecked();
  auto ref = new rt_ref{rt, id, {}, nullptr, rt->refs};
  if (rt->refs) rt->refs->prev = ref;
  rt->refs = ref;
  o->SetAlignedPointerInInternalField(0, &ref_marker);
  o->SetAlignedPointerInInternalField(1, ref);
  ref->object.Reset(iso, o);
  ref->object.SetWeak(ref, OnWeak, WeakCallbackType::kParameter);
  return o;
}

bool rt_ref_id(Local<Object> o, uint64_t* id) {
  if (o->InternalFieldCount() != 2) return false;
  if (o->GetAlignedPointerFromInternalField(0) != &ref_marker) return false;
  *id = static_cast<rt_ref*>(o->GetAlignedPointerFromInternalField(1))->id;
  return true;
}

void rt_report_dropped(rt_isolate* rt) {
  while (!rt->dropped.empty()) {
    std::vector<rt_ref*> batch;
    batch.swap(rt->dropped);
    for (rt_ref* ref : batch) {
      Unlink(rt, ref);
      rt_go_ref_dropped(rt->go, ref->id);
      delete ref;
    }
  }
}

void rt_refs_dispose(rt_isolate* rt) {
  rt_report_dropped(rt);
  while (rt->refs) {
    rt_ref* ref = rt->refs;
    rt->refs = ref->next;
    if (rt->refs) rt->refs->prev = nullptr;
    ref->object.Reset();
    rt_go_ref_dropped(rt->go, ref->id);
    delete ref;
  }
}

static Local<ArrayBuffer> MakeArrayBuffer(Isolate* iso, const char* p, size_t n) {
  std::unique_ptr<BackingStore> store = ArrayBuffer::NewBackingStore(iso, n, BackingStoreInitializationMode::kUninitialized);
  if (n) memcpy(store->Data(), p, n);
  return ArrayBuffer::New(iso, std::move(store));
}

Local<Uint8Array> rt_make_bytes(rt_isolate* rt, const char* p, size_t n, bool buffer) {
  Isolate* iso = rt->iso;
  Local<Uint8Array> view = Uint8Array::New(MakeArrayBuffer(iso, p, n), 0, n);
  if (buffer && !rt->buffer_prototype.IsEmpty()) (void)view->SetPrototypeV2(rt->ctx(), rt->buffer_prototype.Get(iso));
  return view;
}

MaybeLocal<Value> rt_decode(rt_isolate* rt, const rt_slot* slots, size_t n, size_t* i) {
  Isolate* iso = rt->iso;
  if (*i >= n) return Undefined(iso).As<Value>();
  const rt_slot& s = slots[(*i)++];
  switch (s.tag) {
    case RT_UNDEFINED: return Undefined(iso).As<Value>();
    case RT_NULL: return Null(iso).As<Value>();
    case RT_FALSE: return False(iso).As<Value>();
    case RT_TRUE: return True(iso).As<Value>();
    case RT_NUMBER: return Number::New(iso, s.u.num).As<Value>();
    case RT_LATIN1:
    case RT_UTF8: {
      if (s.len > (uint64_t)String::kMaxLength) {
        // Node's error for a string that V8 can't hold.
        Local<Value> e = Exception::Error(rt_str(iso, "Cannot create a string longer than 0x1fffffe8 characters"));
        (void)e.As<Object>()->Set(rt->ctx(), rt_str(iso, "code"), rt_str(iso, "ERR_STRING_TOO_LONG"));
        iso->ThrowException(e);
        return MaybeLocal<Value>();
      }
      Local<String> out;
      MaybeLocal<String> made = s.tag == RT_LATIN1
                                    ? String::NewFromOneByte(iso, reinterpret_cast<const uint8_t*>(s.u.ptr), NewStringType::kNormal, (int)s.len)
                                    : String::NewFromUtf8(iso, s.u.ptr, NewStringType::kNormal, (int)s.len);
      if (!made.ToLocal(&out)) return MaybeLocal<Value>();
      return out.As<Value>();
    }
    case RT_BYTES: return rt_make_bytes(rt, s.u.ptr, s.len, false).As<Value>();
    case RT_BUFFER: return rt_make_bytes(rt, s.u.ptr, s.len, true).As<Value>();
    case RT_ARRAYBUFFER: return MakeArrayBuffer(iso, s.u.ptr, s.len).As<Value>();
    case RT_HANDLE: return rt_local(s.u.handle);
    case RT_REF: return rt_ref_new(rt, s.u.bits).As<Value>();
    case RT_BIGINT: return BigInt::New(iso, (int64_t)s.u.bits).As<Value>();
    case RT_BIGUINT: return BigInt::NewFromUnsigned(iso, s.u.bits).As<Value>();
    case RT_FLOAT64S: {
      return Float64Array::New(MakeArrayBuffer(iso, s.u.ptr, s.len * 8), 0, s.len).As<Value>();
    }
    case RT_BIGINTS: {
      return BigInt64Array::New(MakeArrayBuffer(iso, s.u.ptr, s.len * 8), 0, s.len).As<Value>();
    }
    case RT_ARRAY: {
      std::vector<Local<Value>> elements;
      uint64_t len = s.len;
      elements.reserve(len);
      for (uint64_t k = 0; k < len; k++) {
        Local<Value> v;
        if (!rt_decode(rt, slots, n, i).ToLocal(&v)) return MaybeLocal<Value>();
        elements.push_back(v);
      }
      return Array::New(iso, elements.data(), elements.size()).As<Value>();
    }
    case RT_OBJECT: {
      Local<Object> o = Object::New(iso);
      uint64_t len = s.len;
      for (uint64_t k = 0; k < len; k++) {
        Local<Value> key, v;
        if (!rt_decode(rt, slots, n, i).ToLocal(&key) || !rt_decode(rt, slots, n, i).ToLocal(&v)) return MaybeLocal<Value>();
        if (!key->IsName() || !o->CreateDataProperty(rt->ctx(), key.As<Name>(), v).FromMaybe(false)) return MaybeLocal<Value>();
      }
      return o.As<Value>();
    }
    case RT_THROW:
    case RT_ERROR: {
      std::vector<Local<Value>> args;
      uint64_t len = s.len;
      for (uint64_t k = 0; k < len; k++) {
        Local<Value> v;
        if (!rt_decode(rt, slots, n, i).ToLocal(&v)) return MaybeLocal<Value>();
        args.push_back(v);
      }
      if (rt->callbacks[RT_CB_ERROR_FACTORY].IsEmpty()) {
        // Before the error factory is there (early start): the message alone.
        Local<String> message = rt_str(iso, "internal error");
        for (auto& a : args)
          if (a->IsString() && a.As<String>()->Length() > 0) message = a.As<String>();
        return Exception::Error(message);
      }
      return rt->callbacks[RT_CB_ERROR_FACTORY].Get(iso)->Call(rt->ctx(), Undefined(iso), (int)args.size(), args.data());
    }
  }
  return Undefined(iso).As<Value>();
}

std::atomic<int> rt_typed_array_type{0};

void rt_learn_types(rt_isolate* rt) {
  Isolate* iso = rt->iso;
  auto type = [](Local<Value> v) { return internal::Internals::GetInstanceType(internal::ValueHelper::ValueAsAddress(*v)); };
  rt->heap_number_type = type(Number::New(iso, 0.5));
  rt_typed_array_type = type(Uint8Array::New(ArrayBuffer::New(iso, 0), 0, 0));
  rt->true_kind = internal::Internals::GetOddballKind(internal::ValueHelper::ValueAsAddress(*True(iso)));
  rt->false_kind = internal::Internals::GetOddballKind(internal::ValueHelper::ValueAsAddress(*False(iso)));
}

namespace {
const int kMaxArgs = 16;

// Elements of small typed arrays that V8 keeps in its heap, where they move. Moving them out for good (Buffer()) costs an allocation, a buffer object
// and its collection; a native mostly reads them, so it gets a copy, and what it has written is put back when it returns.
struct Copies {
  static const size_t kLargest = 64;  // V8 keeps no larger ones in its heap
  int n = 0;
  struct {
    rt_value view;
    uint8_t* given;  // behind it lies what it was
    size_t size;
  } all[kMaxArgs];

  // Takes a view without a buffer.
  bool Take(rt_isolate* rt, Local<ArrayBufferView> view, rt_slot* out) {
    size_t at = (rt->arg_top + 7) & ~(size_t)7;
    if (at + 2 * kLargest > rt_arg_bytes || view->ByteLength() > kLargest) return false;
    auto given = reinterpret_cast<uint8_t*>(rt->arg_bytes.get() + at);
    size_t size = view->GetContents({given, kLargest}).size();
    memcpy(given + kLargest, given, size);
    all[n++] = {rt_to(view), given, size};
    rt->arg_top = at + 2 * kLargest;
    out->len = size;
    out->u.ptr = size ? reinterpret_cast<const char*>(given) : nullptr;
    return true;
  }
  void PutBack() {
    for (int k = 0; k < n; k++) {
      if (memcmp(all[k].given, all[k].given + kLargest, all[k].size) == 0) continue;
      Local<ArrayBufferView> view = rt_local(all[k].view).As<ArrayBufferView>();
      (void)view->Buffer();
      MemorySpan<uint8_t> contents = view->GetContents(MemorySpan<uint8_t>());
      size_t size = std::min(contents.size(), all[k].size);  // it may have been detached
      for (size_t i = 0; i < size; i++)
        if (all[k].given[i] != all[k].given[i + kLargest]) contents.data()[i] = all[k].given[i];
    }
  }
};

// copies: null when the slot outlives the call.
void Encode(rt_isolate* rt, Local<Value> v, rt_slot* out, size_t limit, Copies* copies) {
  out->aux = 0;
  out->len = 0;
  // The frequent types are told apart by what V8's headers read inline; the rare ones cost calls.
  internal::Address address = internal::ValueHelper::ValueAsAddress(*v);
  if (!internal::Internals::HasHeapObjectTag(address)) {
    out->tag = RT_NUMBER;
    out->u.num = internal::Internals::SmiValue(address);
    return;
  }
  int type = internal::Internals::GetInstanceType(address);
  if (type < internal::Internals::kFirstNonstringType) {
    Local<String> s = v.As<String>();
    size_t length = s->Length();
    size_t room = rt_arg_bytes - rt->arg_top;
    if (room > limit) room = limit;
    char* to = rt->arg_bytes.get() + rt->arg_top;
    if (s->IsOneByte() && length <= room) {
      s->WriteOneByteV2(rt->iso, 0, (uint32_t)length, reinterpret_cast<uint8_t*>(to));
      out->tag = RT_LATIN1;
      out->len = length;
      out->u.ptr = to;
      rt->arg_top += length;
    } else if (!s->IsOneByte() && length * 3 <= room) {
      size_t n = s->WriteUtf8V2(rt->iso, to, room, String::WriteFlags::kReplaceInvalidUtf8);
      out->tag = RT_UTF8;
      out->len = n;
      out->u.ptr = to;
      rt->arg_top += n;
    } else {
      out->tag = RT_HANDLE;
      out->aux = RT_KIND_STRING;
      out->u.handle = rt_to(v);
    }
  } else if (type == internal::Internals::kOddballType) {
    int kind = internal::Internals::GetOddballKind(address);
    out->tag = kind == rt->true_kind ? RT_TRUE : kind == rt->false_kind ? RT_FALSE : kind == internal::Internals::kNullOddballKind ? RT_NULL : RT_UNDEFINED;
  } else if (type == rt->heap_number_type) {
    out->tag = RT_NUMBER;
    out->u.num = v.As<Number>()->Value();
  } else if (type == rt_typed_array_type.load(std::memory_order_relaxed) || v->IsArrayBufferView()) {
    Local<ArrayBufferView> view = v.As<ArrayBufferView>();
    out->tag = RT_BYTES;
    // An on-heap typed array moves its bytes out on Buffer(); their address is stable from then on, and GetContents gives it uncopied.
    if (!view->HasBuffer()) {
      if (copies && copies->Take(rt, view, out)) return;
      (void)view->Buffer();
    }
    MemorySpan<uint8_t> contents = view->GetContents(MemorySpan<uint8_t>());
    out->len = contents.size();
    out->u.ptr = out->len ? reinterpret_cast<const char*>(contents.data()) : nullptr;
  } else if (v->IsArrayBuffer()) {
    out->tag = RT_BYTES;
    out->aux = 1;
    out->len = v.As<ArrayBuffer>()->ByteLength();
    out->u.ptr = static_cast<const char*>(v.As<ArrayBuffer>()->Data());
  } else if (v->IsSharedArrayBuffer()) {
    out->tag = RT_BYTES;
    out->aux = 2;
    out->len = v.As<SharedArrayBuffer>()->ByteLength();
    out->u.ptr = static_cast<const char*>(v.As<SharedArrayBuffer>()->GetBackingStore()->Data());
  } else if (v->IsBigInt()) {
    bool lossless = false;
    int64_t n = v.As<BigInt>()->Int64Value(&lossless);
    if (lossless) {
      out->tag = RT_BIGINT;
      out->u.bits = (uint64_t)n;
    } else {
      uint64_t u = v.As<BigInt>()->Uint64Value(&lossless);
      out->tag = lossless ? RT_BIGUINT : RT_HANDLE;
      out->u.bits = u;
      if (!lossless) {
        out->aux = RT_KIND_BIGINT;
        out->u.handle = rt_to(v);
      }
    }
  } else {
    uint64_t id;
    if (v->IsObject() && rt_ref_id(v.As<Object>(), &id)) {
      out->tag = RT_REF;
      out->u.bits = id;
      return;
    }
    out->tag = RT_HANDLE;
    out->aux = v->IsFunction() ? RT_KIND_FUNCTION : v->IsArray() ? RT_KIND_ARRAY : v->IsSymbol() ? RT_KIND_SYMBOL : RT_KIND_OBJECT;
    out->u.handle = rt_to(v);
  }
}

void Trampoline(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  rt_isolate* rt = rt_from(iso);
  int n = info.Length();
  if (n > kMaxArgs) n = kMaxArgs;
  rt_slot args[kMaxArgs];
  size_t top = rt->arg_top;
  Copies copies;
  for (int i = 0; i < n; i++) Encode(rt, info[i], &args[i], 64 << 10, &copies);
  rt_slot result;
  result.tag = RT_UNDEFINED;
  result.aux = 0;
  result.len = 0;
  // The values themselves, for natives that need the handle of an argument which crossed as a slot (pins, long strings).
  rt_value handles[kMaxArgs];
  for (int i = 0; i < n; i++) handles[i] = rt_to(info[i]);
  rt_slot* extra = nullptr;
  int index = internal::Internals::SmiValue(internal::ValueHelper::ValueAsAddress(*info.Data()));  // always a small integer: see the maker below
  size_t count = rt_go_native(rt->go, index, args, handles, n, &result, &extra);
  copies.PutBack();
  rt->arg_top = top;
  if (rt->stopping.load(std::memory_order_relaxed)) {
    iso->TerminateExecution();  // what the native called may have used it up
    return;
  }
  if (count == 0) {
    switch (result.tag) {
      case RT_UNDEFINED: return;
      case RT_NUMBER: {
        int32_t whole = result.u.num >= INT32_MIN && result.u.num <= INT32_MAX ? (int32_t)result.u.num : 0;
        uint64_t bits = (uint64_t)std::bit_cast<int64_t>(result.u.num), same = (uint64_t)std::bit_cast<int64_t>((double)whole);
        if (bits == same) info.GetReturnValue().Set(whole);  // a small integer needs no heap number; -0 does
        else info.GetReturnValue().Set(result.u.num);
        return;
      }
      case RT_TRUE: info.GetReturnValue().Set(true); return;
      case RT_FALSE: info.GetReturnValue().Set(false); return;
      case RT_NULL: info.GetReturnValue().SetNull(); return;
      case RT_THROW:
        if (result.aux == 1) iso->ThrowException(rt_local(result.u.handle));
        return;  // aux 2: terminating; V8 unwinds by itself
    }
    count = 1;
    extra = &result;
  }
  size_t i = 0;
  bool throws = extra[0].tag == RT_THROW;
  Local<Value> v;
  if (!rt_decode(rt, extra, count, &i).ToLocal(&v)) return;
  if (throws) iso->ThrowException(v);
  else info.GetReturnValue().Set(v);
}
}  // namespace

void rt_encode(rt_isolate* rt, Local<Value> v, rt_slot* out, size_t limit) { Encode(rt, v, out, limit, nullptr); }

extern "C" {

rt_value rt_native_new(rt_isolate* rt, int index, const char* name, size_t name_len) {
  Isolate* iso = rt->iso;
  Local<Function> f;
  if (!Function::New(rt->ctx(), Trampoline, Integer::New(iso, index), 0, ConstructorBehavior::kThrow).ToLocal(&f)) return nullptr;
  f->SetName(String::NewFromUtf8(iso, name, NewStringType::kInternalized, (int)name_len).ToLocalChecked());
  return rt_to(f);
}

rt_value rt_value_of(rt_isolate* rt, const rt_slot* slots, size_t n) {
  TryCatch tc(rt->iso);
  size_t i = 0;
  Local<Value> v;
  if (!rt_decode(rt, slots, n, &i).ToLocal(&v)) {
    rt_keep_exception(rt, tc);
    return nullptr;
  }
  return rt_to(v);
}

void rt_slot_of(rt_isolate* rt, rt_value v, rt_slot* out) {
  size_t top = rt->arg_top;
  rt_encode(rt, rt_local(v), out, 64 << 10);
  rt->arg_top = top;
}

size_t rt_string_utf8(rt_isolate* rt, rt_value v, char* out, size_t cap) {
  Local<Value> value = rt_local(v);
  if (!value->IsString()) return 0;
  if (!cap) return value.As<String>()->Utf8LengthV2(rt->iso);
  return value.As<String>()->WriteUtf8V2(rt->iso, out, cap, String::WriteFlags::kReplaceInvalidUtf8);
}

struct rt_pin {
  std::shared_ptr<BackingStore> store;
};
rt_pin* rt_pin_new(rt_isolate*, rt_value v, char** data, size_t* len) {
  Local<Value> value = rt_local(v);
  std::shared_ptr<BackingStore> store;
  size_t offset = 0;
  *len = 0;
  *data = nullptr;
  if (value->IsArrayBufferView()) {
    Local<ArrayBufferView> view = value.As<ArrayBufferView>();
    offset = view->ByteOffset();
    *len = view->ByteLength();
    Local<ArrayBuffer> buffer = view->Buffer();
    store = buffer->GetBackingStore();
  } else if (value->IsArrayBuffer()) {
    store = value.As<ArrayBuffer>()->GetBackingStore();
    *len = value.As<ArrayBuffer>()->ByteLength();
  } else if (value->IsSharedArrayBuffer()) {
    store = value.As<SharedArrayBuffer>()->GetBackingStore();
    *len = value.As<SharedArrayBuffer>()->ByteLength();
  } else {
    return nullptr;
  }
  *data = static_cast<char*>(store->Data()) + offset;
  return new rt_pin{std::move(store)};
}
void rt_pin_release(rt_pin* p) { delete p; }

rt_value rt_arraybuffer_new(rt_isolate* rt, size_t n, int zero, char** data) {
  std::unique_ptr<BackingStore> store = ArrayBuffer::NewBackingStore(
      rt->iso, n, zero ? BackingStoreInitializationMode::kZeroInitialized : BackingStoreInitializationMode::kUninitialized);
  *data = static_cast<char*>(store->Data());
  return rt_to(ArrayBuffer::New(rt->iso, std::move(store)));
}
}
