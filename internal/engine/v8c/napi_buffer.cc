// napi_buffer.cc: array buffers, typed arrays, data views and Node's buffers.
#include <string>

#include "napi_internal.h"

using namespace roost_napi;

namespace {

// Bytes for a new array buffer; empty when there is no memory, where V8's own constructor would end the process.
v8::MaybeLocal<v8::ArrayBuffer> buffer_new(napi_env env, size_t n) {
  if (n > v8::ArrayBuffer::kMaxByteLength) return {};
  std::shared_ptr<v8::BackingStore> store =
      v8::ArrayBuffer::NewBackingStore(env->iso, n, v8::BackingStoreInitializationMode::kZeroInitialized,
                                       v8::BackingStoreOnFailureMode::kReturnNull);
  if (store == nullptr) return {};
  return v8::ArrayBuffer::New(env->iso, std::move(store));
}

// A view with Buffer's prototype. Before the builtin has registered it, a plain Uint8Array.
bool node_buffer(napi_env env, v8::Local<v8::ArrayBuffer> ab, size_t offset, size_t n, v8::Local<v8::Value>* out) {
  v8::Local<v8::Uint8Array> view = v8::Uint8Array::New(ab, offset, n);
  *out = view;
  if (env->rt->buffer_prototype.IsEmpty()) return true;
  return view->SetPrototypeV2(env->ctx(), env->rt->buffer_prototype.Get(env->iso)).FromMaybe(false);
}

// Where a view's bytes are. Asking for the buffer moves small views out of V8's heap, so that the address stays.
void* bytes_of(v8::Local<v8::ArrayBufferView> view) {
  auto start = static_cast<uint8_t*>(view->Buffer()->Data());
  return start == nullptr ? nullptr : start + view->ByteOffset();
}

struct Kind {
  const char* name;
  size_t size;  // bytes of an element
};

// By napi_typedarray_type.
const Kind kKinds[] = {
    {"Int8Array", 1},    {"Uint8Array", 1},   {"Uint8ClampedArray", 1}, {"Int16Array", 2},    {"Uint16Array", 2},    {"Int32Array", 4},
    {"Uint32Array", 4},  {"Float32Array", 4}, {"Float64Array", 8},      {"BigInt64Array", 8}, {"BigUint64Array", 8}, {"Float16Array", 2},
};
static_assert(sizeof(kKinds) / sizeof(kKinds[0]) == napi_float16_array + 1, "a row for every kind");

v8::Local<v8::Value> typed_array(napi_typedarray_type type, v8::Local<v8::ArrayBuffer> ab, size_t offset, size_t n) {
  switch (type) {
    case napi_int8_array: return v8::Int8Array::New(ab, offset, n);
    case napi_uint8_array: return v8::Uint8Array::New(ab, offset, n);
    case napi_uint8_clamped_array: return v8::Uint8ClampedArray::New(ab, offset, n);
    case napi_int16_array: return v8::Int16Array::New(ab, offset, n);
    case napi_uint16_array: return v8::Uint16Array::New(ab, offset, n);
    case napi_int32_array: return v8::Int32Array::New(ab, offset, n);
    case napi_uint32_array: return v8::Uint32Array::New(ab, offset, n);
    case napi_float32_array: return v8::Float32Array::New(ab, offset, n);
    case napi_float64_array: return v8::Float64Array::New(ab, offset, n);
    case napi_bigint64_array: return v8::BigInt64Array::New(ab, offset, n);
    case napi_biguint64_array: return v8::BigUint64Array::New(ab, offset, n);
    case napi_float16_array: return v8::Float16Array::New(ab, offset, n);
  }
  return {};
}

napi_typedarray_type kind_of(v8::Local<v8::Value> v) {
  if (v->IsInt8Array()) return napi_int8_array;
  if (v->IsUint8Array()) return napi_uint8_array;
  if (v->IsUint8ClampedArray()) return napi_uint8_clamped_array;
  if (v->IsInt16Array()) return napi_int16_array;
  if (v->IsUint16Array()) return napi_uint16_array;
  if (v->IsInt32Array()) return napi_int32_array;
  if (v->IsUint32Array()) return napi_uint32_array;
  if (v->IsFloat32Array()) return napi_float32_array;
  if (v->IsFloat64Array()) return napi_float64_array;
  if (v->IsBigInt64Array()) return napi_bigint64_array;
  if (v->IsBigUint64Array()) return napi_biguint64_array;
  return napi_float16_array;
}

// Leaves a RangeError pending.
napi_status range_error(napi_env env, const char* code, const char* message, napi_status status) {
  env->exception.Reset(env->iso, error_new(env, ErrorKind::kRangeError, code, message));
  return fail(env, status);
}

// A range inside an array buffer, safe against overflow.
bool inside(size_t offset, size_t n, size_t whole) { return offset <= whole && n <= whole - offset; }

}  // namespace

// ---- array buffers

napi_status napi_is_arraybuffer(napi_env env, napi_value value, bool* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  *result = to_local(value)->IsArrayBuffer();
  return done(env);
}

napi_status napi_create_arraybuffer(napi_env env, size_t byte_length, void** data, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::ArrayBuffer> ab;
  if (!buffer_new(env, byte_length).ToLocal(&ab)) return guard.failed(napi_generic_failure);
  if (data != nullptr) *data = ab->Data();
  *result = to_napi(ab);
  return done(env);
}

// V8's sandbox can't hold memory that it didn't allocate. The API has a status for that, and addons copy instead.
napi_status napi_create_external_arraybuffer(napi_env env, void* external_data, size_t byte_length, node_api_basic_finalize finalize_cb,
                                             void* finalize_hint, napi_value* result) {
  NAPI_CHECK_ENV(env);
  return fail(env, napi_no_external_buffers_allowed);
}

napi_status napi_get_arraybuffer_info(napi_env env, napi_value arraybuffer, void** data, size_t* byte_length) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, arraybuffer);
  v8::Local<v8::Value> v = to_local(arraybuffer);
  if (v->IsSharedArrayBuffer()) {
    if (data != nullptr) *data = v.As<v8::SharedArrayBuffer>()->Data();
    if (byte_length != nullptr) *byte_length = v.As<v8::SharedArrayBuffer>()->ByteLength();
    return done(env);
  }
  NAPI_CHECK(env, v->IsArrayBuffer(), napi_invalid_arg);
  if (data != nullptr) *data = v.As<v8::ArrayBuffer>()->Data();
  if (byte_length != nullptr) *byte_length = v.As<v8::ArrayBuffer>()->ByteLength();
  return done(env);
}

napi_status napi_detach_arraybuffer(napi_env env, napi_value arraybuffer) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, arraybuffer);
  v8::Local<v8::Value> v = to_local(arraybuffer);
  NAPI_CHECK(env, v->IsArrayBuffer(), napi_arraybuffer_expected);
  NAPI_CHECK(env, v.As<v8::ArrayBuffer>()->IsDetachable(), napi_detachable_arraybuffer_expected);
  Guard guard(env);
  if (!v.As<v8::ArrayBuffer>()->Detach(v8::Local<v8::Value>()).FromMaybe(false)) return guard.failed(napi_generic_failure);
  return done(env);
}

napi_status napi_is_detached_arraybuffer(napi_env env, napi_value value, bool* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> v = to_local(value);
  *result = v->IsArrayBuffer() && v.As<v8::ArrayBuffer>()->WasDetached();
  return done(env);
}

// ---- shared array buffers (experimental)

napi_status node_api_is_sharedarraybuffer(napi_env env, napi_value value, bool* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  *result = to_local(value)->IsSharedArrayBuffer();
  return done(env);
}

napi_status node_api_create_sharedarraybuffer(napi_env env, size_t byte_length, void** data, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::SharedArrayBuffer> sab;
  NAPI_CHECK(env, byte_length <= v8::ArrayBuffer::kMaxByteLength, napi_generic_failure);
  if (!v8::SharedArrayBuffer::MaybeNew(env->iso, byte_length).ToLocal(&sab)) return guard.failed(napi_generic_failure);
  if (data != nullptr) *data = sab->Data();
  *result = to_napi(sab);
  return done(env);
}

napi_status node_api_create_external_sharedarraybuffer(napi_env env, void* external_data, size_t byte_length,
                                                       node_api_noenv_finalize finalize_cb, void* finalize_hint, napi_value* result) {
  NAPI_CHECK_ENV(env);
  return fail(env, napi_no_external_buffers_allowed);  // as napi_create_external_arraybuffer
}

// ---- views

napi_status napi_is_typedarray(napi_env env, napi_value value, bool* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  *result = to_local(value)->IsTypedArray();
  return done(env);
}

napi_status napi_create_typedarray(napi_env env, napi_typedarray_type type, size_t length, napi_value arraybuffer, size_t byte_offset,
                                   napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, arraybuffer);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> v = to_local(arraybuffer);
  NAPI_CHECK(env, v->IsArrayBuffer(), napi_invalid_arg);
  NAPI_CHECK(env, type >= napi_int8_array && type <= napi_float16_array, napi_invalid_arg);
  const Kind& kind = kKinds[type];
  if (byte_offset % kind.size != 0) {
    std::string message =
        std::string("start offset of ") + kind.name + " should be a multiple of " + std::to_string(kind.size);
    return range_error(env, "ERR_NAPI_INVALID_TYPEDARRAY_ALIGNMENT", message.c_str(), napi_invalid_arg);
  }
  v8::Local<v8::ArrayBuffer> ab = v.As<v8::ArrayBuffer>();
  if (length > SIZE_MAX / kind.size || !inside(byte_offset, length * kind.size, ab->ByteLength())) {
    return range_error(env, "ERR_NAPI_INVALID_TYPEDARRAY_LENGTH", "Invalid typed array length", napi_invalid_arg);
  }
  *result = to_napi(typed_array(type, ab, byte_offset, length));
  return done(env);
}

napi_status napi_get_typedarray_info(napi_env env, napi_value typedarray, napi_typedarray_type* type, size_t* length, void** data,
                                     napi_value* arraybuffer, size_t* byte_offset) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, typedarray);
  NAPI_CHECK(env, to_local(typedarray)->IsTypedArray(), napi_invalid_arg);
  v8::Local<v8::TypedArray> array = to_local(typedarray).As<v8::TypedArray>();
  if (type != nullptr) *type = kind_of(array);
  if (length != nullptr) *length = array->Length();
  if (data != nullptr) *data = bytes_of(array);
  if (arraybuffer != nullptr) *arraybuffer = to_napi(array->Buffer());
  if (byte_offset != nullptr) *byte_offset = array->ByteOffset();
  return done(env);
}

napi_status napi_create_dataview(napi_env env, size_t length, napi_value arraybuffer, size_t byte_offset, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, arraybuffer);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> v = to_local(arraybuffer);
  NAPI_CHECK(env, v->IsArrayBuffer(), napi_invalid_arg);
  v8::Local<v8::ArrayBuffer> ab = v.As<v8::ArrayBuffer>();
  if (!inside(byte_offset, length, ab->ByteLength())) {
    return range_error(env, "ERR_NAPI_INVALID_DATAVIEW_ARGS",
                       "byte_offset + byte_length should be less than or equal to the size in bytes of the array passed in",
                       napi_pending_exception);
  }
  *result = to_napi(v8::DataView::New(ab, byte_offset, length));
  return done(env);
}

napi_status napi_is_dataview(napi_env env, napi_value value, bool* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  *result = to_local(value)->IsDataView();
  return done(env);
}

napi_status napi_get_dataview_info(napi_env env, napi_value dataview, size_t* bytelength, void** data, napi_value* arraybuffer,
                                   size_t* byte_offset) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, dataview);
  NAPI_CHECK(env, to_local(dataview)->IsDataView(), napi_invalid_arg);
  v8::Local<v8::DataView> view = to_local(dataview).As<v8::DataView>();
  if (bytelength != nullptr) *bytelength = view->ByteLength();
  if (data != nullptr) *data = bytes_of(view);
  if (arraybuffer != nullptr) *arraybuffer = to_napi(view->Buffer());
  if (byte_offset != nullptr) *byte_offset = view->ByteOffset();
  return done(env);
}

// ---- Node's buffers

napi_status napi_create_buffer(napi_env env, size_t length, void** data, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::ArrayBuffer> ab;
  v8::Local<v8::Value> view;
  if (!buffer_new(env, length).ToLocal(&ab)) return guard.failed(napi_generic_failure);
  if (!node_buffer(env, ab, 0, length, &view)) return guard.failed(napi_generic_failure);
  if (data != nullptr) *data = ab->Data();
  *result = to_napi(view);
  return done(env);
}

napi_status napi_create_buffer_copy(napi_env env, size_t length, const void* data, void** result_data, napi_value* result) {
  void* to = nullptr;
  napi_status status = napi_create_buffer(env, length, &to, result);
  if (status != napi_ok) return status;
  if (length > 0 && data != nullptr) memcpy(to, data, length);
  if (result_data != nullptr) *result_data = to;
  return napi_ok;
}

napi_status napi_create_external_buffer(napi_env env, size_t length, void* data, node_api_basic_finalize finalize_cb, void* finalize_hint,
                                        napi_value* result) {
  NAPI_CHECK_ENV(env);
  return fail(env, napi_no_external_buffers_allowed);  // as napi_create_external_arraybuffer
}

napi_status node_api_create_buffer_from_arraybuffer(napi_env env, napi_value arraybuffer, size_t byte_offset, size_t byte_length,
                                                    napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, arraybuffer);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> v = to_local(arraybuffer);
  NAPI_CHECK(env, v->IsArrayBuffer(), napi_arraybuffer_expected);
  v8::Local<v8::ArrayBuffer> ab = v.As<v8::ArrayBuffer>();
  if (!inside(byte_offset, byte_length, ab->ByteLength())) {
    return range_error(env, "ERR_OUT_OF_RANGE", "The byte offset + length is out of range", napi_pending_exception);
  }
  v8::Local<v8::Value> view;
  if (!node_buffer(env, ab, byte_offset, byte_length, &view)) return guard.failed(napi_generic_failure);
  *result = to_napi(view);
  return done(env);
}

napi_status napi_is_buffer(napi_env env, napi_value value, bool* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  *result = to_local(value)->IsArrayBufferView();
  return done(env);
}

napi_status napi_get_buffer_info(napi_env env, napi_value value, void** data, size_t* length) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK(env, to_local(value)->IsArrayBufferView(), napi_invalid_arg);
  v8::Local<v8::ArrayBufferView> view = to_local(value).As<v8::ArrayBufferView>();
  if (data != nullptr) *data = bytes_of(view);
  if (length != nullptr) *length = view->ByteLength();
  return done(env);
}
