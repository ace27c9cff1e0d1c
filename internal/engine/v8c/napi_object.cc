// napi_object.cc: objects and arrays: properties, keys, integrity, type tags.
#include "napi_internal.h"

using namespace roost_napi;

namespace roost_napi {

napi_status property_name(napi_env env, const napi_property_descriptor* p, v8::Local<v8::Name>* out) {
  if (p->utf8name != nullptr) {
    v8::Local<v8::String> s;
    NAPI_CHECK(env, v8::String::NewFromUtf8(env->iso, p->utf8name, v8::NewStringType::kInternalized).ToLocal(&s), napi_generic_failure);
    *out = s;
    return napi_ok;
  }
  NAPI_CHECK_ARG(env, p->name);
  NAPI_CHECK(env, to_local(p->name)->IsName(), napi_name_expected);
  *out = to_local(p->name).As<v8::Name>();
  return napi_ok;
}

v8::PropertyAttribute property_attributes(const napi_property_descriptor* p) {
  int a = v8::None;
  // An accessor has no "writable"; saying ReadOnly of one would be wrong.
  bool accessor = p->getter != nullptr || p->setter != nullptr;
  if (!accessor && (p->attributes & napi_writable) == 0) a |= v8::ReadOnly;
  if ((p->attributes & napi_enumerable) == 0) a |= v8::DontEnum;
  if ((p->attributes & napi_configurable) == 0) a |= v8::DontDelete;
  return static_cast<v8::PropertyAttribute>(a);
}

namespace {

// Both halves of an accessor; a missing one is undefined.
bool accessor_functions(napi_env env, const napi_property_descriptor* p, v8::Local<v8::Value>* get, v8::Local<v8::Value>* set) {
  *get = *set = v8::Undefined(env->iso);
  v8::Local<v8::Function> f;
  if (p->getter != nullptr) {
    if (!function_new(env, p->getter, p->data).ToLocal(&f)) return false;
    *get = f;
  }
  if (p->setter != nullptr) {
    if (!function_new(env, p->setter, p->data).ToLocal(&f)) return false;
    *set = f;
  }
  return true;
}

v8::Maybe<bool> define(napi_env env, v8::Local<v8::Object> object, v8::Local<v8::Name> name, v8::PropertyDescriptor* d,
                       const napi_property_descriptor* p) {
  d->set_enumerable((p->attributes & napi_enumerable) != 0);
  d->set_configurable((p->attributes & napi_configurable) != 0);
  return object->DefineProperty(env->ctx(), name, *d);
}

v8::Maybe<bool> define_accessor(napi_env env, v8::Local<v8::Object> object, v8::Local<v8::Name> name, const napi_property_descriptor* p) {
  v8::Local<v8::Value> get, set;
  if (!accessor_functions(env, p, &get, &set)) return v8::Nothing<bool>();
  v8::PropertyDescriptor d(get, set);
  return define(env, object, name, &d, p);
}

v8::Maybe<bool> define_value(napi_env env, v8::Local<v8::Object> object, v8::Local<v8::Name> name, v8::Local<v8::Value> value,
                             const napi_property_descriptor* p) {
  v8::PropertyDescriptor d(value, (p->attributes & napi_writable) != 0);
  return define(env, object, name, &d, p);
}

v8::Maybe<bool> define_one(napi_env env, v8::Local<v8::Object> object, v8::Local<v8::Name> name, const napi_property_descriptor* p) {
  if (p->getter != nullptr || p->setter != nullptr) return define_accessor(env, object, name, p);
  if (p->method == nullptr) return define_value(env, object, name, to_local(p->value), p);
  v8::Local<v8::Function> f;
  if (!function_new(env, p->method, p->data).ToLocal(&f)) return v8::Nothing<bool>();
  return define_value(env, object, name, f, p);
}

// A property name from a C string; empty when it isn't one V8 can hold.
v8::MaybeLocal<v8::String> key_of(napi_env env, const char* utf8name) {
  return v8::String::NewFromUtf8(env->iso, utf8name, v8::NewStringType::kInternalized);
}

napi_status get(napi_env env, Guard& guard, v8::MaybeLocal<v8::Value> got, napi_value* result) {
  v8::Local<v8::Value> v;
  if (!got.ToLocal(&v)) return guard.failed(napi_generic_failure);
  *result = to_napi(v);
  return done(env);
}

napi_status answer(napi_env env, Guard& guard, v8::Maybe<bool> got, bool* result) {
  if (got.IsNothing()) return guard.failed(napi_generic_failure);
  *result = got.FromJust();
  return done(env);
}

// Set by V8 is false, without an exception, where strict code would throw.
napi_status set_done(napi_env env, Guard& guard, v8::Maybe<bool> set) {
  if (!set.FromMaybe(false)) return guard.failed(napi_invalid_arg);
  return guard.threw() ? fail(env, napi_pending_exception) : done(env);
}

napi_status deleted(napi_env env, Guard& guard, v8::Maybe<bool> did, bool* result) {
  if (did.IsNothing()) return guard.failed(napi_generic_failure);
  if (result != nullptr) *result = did.FromJust();
  return done(env);
}

napi_status set_integrity(napi_env env, napi_value object, v8::IntegrityLevel level) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_TO_OBJECT(env, obj, object);
  v8::Maybe<bool> set = obj->SetIntegrityLevel(env->ctx(), level);
  if (!set.FromMaybe(false)) return guard.failed(napi_generic_failure);
  return done(env);
}

// A tag is kept as a bigint of its two words, lower first.
v8::MaybeLocal<v8::BigInt> tag_value(napi_env env, const napi_type_tag* tag) {
  const uint64_t words[] = {tag->lower, tag->upper};
  return v8::BigInt::NewFromWords(env->ctx(), 0, 2, words);
}

}  // namespace
}  // namespace roost_napi

// ---- making

napi_status napi_create_object(napi_env env, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  *result = to_napi(v8::Object::New(env->iso));
  return done(env);
}

napi_status node_api_create_object_with_properties(napi_env env, napi_value prototype_or_null, const napi_value* property_names,
                                                   const napi_value* property_values, size_t property_count, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, result);
  if (property_count > 0) {
    NAPI_CHECK_ARG(env, property_names);
    NAPI_CHECK_ARG(env, property_values);
  }
  v8::Local<v8::Object> object = v8::Object::New(env->iso);
  if (prototype_or_null != nullptr) {
    v8::Local<v8::Value> prototype = to_local(prototype_or_null);
    NAPI_CHECK(env, prototype->IsObject() || prototype->IsNull(), napi_object_expected);
    if (!object->SetPrototypeV2(env->ctx(), prototype).FromMaybe(false)) return guard.failed(napi_generic_failure);
  }
  for (size_t i = 0; i < property_count; i++) {
    NAPI_CHECK_ARG(env, property_names[i]);
    NAPI_CHECK_ARG(env, property_values[i]);
    v8::Local<v8::Value> name = to_local(property_names[i]);
    NAPI_CHECK(env, name->IsName(), napi_name_expected);
    v8::Maybe<bool> set = object->CreateDataProperty(env->ctx(), name.As<v8::Name>(), to_local(property_values[i]));
    if (!set.FromMaybe(false)) return guard.failed(napi_generic_failure);
  }
  *result = to_napi(object);
  return done(env);
}

napi_status napi_create_array(napi_env env, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  *result = to_napi(v8::Array::New(env->iso));
  return done(env);
}

napi_status napi_create_array_with_length(napi_env env, size_t length, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  // The length is a hint that Node narrows to an int; what is negative then is 0.
  int n = static_cast<int>(length);
  if (n < 0) n = 0;
  // V8 allocates that many slots at once and dies when it can't: past a limit for dense arrays only the length is set.
  constexpr int kDense = 1 << 25;
  if (n <= kDense) {
    *result = to_napi(v8::Array::New(env->iso, n));
    return done(env);
  }
  Guard guard(env);
  v8::Local<v8::Array> array = v8::Array::New(env->iso);
  v8::Maybe<bool> set = array->Set(env->ctx(), rt_sym(env->iso, "length"), v8::Integer::New(env->iso, n));
  if (!set.FromMaybe(false)) return guard.failed(napi_generic_failure);
  *result = to_napi(array);
  return done(env);
}

napi_status napi_is_array(napi_env env, napi_value value, bool* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  *result = to_local(value)->IsArray();
  return done(env);
}

napi_status napi_get_array_length(napi_env env, napi_value value, uint32_t* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK(env, to_local(value)->IsArray(), napi_array_expected);
  *result = to_local(value).As<v8::Array>()->Length();
  return done(env);
}

napi_status napi_get_prototype(napi_env env, napi_value object, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, result);
  NAPI_TO_OBJECT(env, obj, object);
  *result = to_napi(obj->GetPrototypeV2());
  return done(env);
}

napi_status node_api_set_prototype(napi_env env, napi_value object, napi_value value) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, value);
  NAPI_TO_OBJECT(env, obj, object);
  if (!obj->SetPrototypeV2(env->ctx(), to_local(value)).FromMaybe(false)) return guard.failed(napi_generic_failure);
  return done(env);
}

// ---- keys

napi_status napi_get_property_names(napi_env env, napi_value object, napi_value* result) {
  return napi_get_all_property_names(env, object, napi_key_include_prototypes,
                                     static_cast<napi_key_filter>(napi_key_enumerable | napi_key_skip_symbols),
                                     napi_key_numbers_to_strings, result);
}

napi_status napi_get_all_property_names(napi_env env, napi_value object, napi_key_collection_mode key_mode, napi_key_filter key_filter,
                                        napi_key_conversion key_conversion, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK(env, key_mode == napi_key_include_prototypes || key_mode == napi_key_own_only, napi_invalid_arg);
  NAPI_CHECK(env, key_conversion == napi_key_keep_numbers || key_conversion == napi_key_numbers_to_strings, napi_invalid_arg);
  NAPI_TO_OBJECT(env, obj, object);
  int filter = v8::ALL_PROPERTIES;
  if (key_filter & napi_key_writable) filter |= v8::ONLY_WRITABLE;
  if (key_filter & napi_key_enumerable) filter |= v8::ONLY_ENUMERABLE;
  if (key_filter & napi_key_configurable) filter |= v8::ONLY_CONFIGURABLE;
  if (key_filter & napi_key_skip_strings) filter |= v8::SKIP_STRINGS;
  if (key_filter & napi_key_skip_symbols) filter |= v8::SKIP_SYMBOLS;
  auto mode = key_mode == napi_key_own_only ? v8::KeyCollectionMode::kOwnOnly : v8::KeyCollectionMode::kIncludePrototypes;
  auto conversion =
      key_conversion == napi_key_keep_numbers ? v8::KeyConversionMode::kKeepNumbers : v8::KeyConversionMode::kConvertToString;
  v8::Local<v8::Array> names;
  if (!obj->GetPropertyNames(env->ctx(), mode, static_cast<v8::PropertyFilter>(filter), v8::IndexFilter::kIncludeIndices, conversion)
           .ToLocal(&names)) {
    return guard.failed(napi_generic_failure);
  }
  *result = to_napi(names);
  return done(env);
}

// ---- by key

napi_status napi_set_property(napi_env env, napi_value object, napi_value key, napi_value value) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, key);
  NAPI_CHECK_ARG(env, value);
  NAPI_TO_OBJECT(env, obj, object);
  return set_done(env, guard, obj->Set(env->ctx(), to_local(key), to_local(value)));
}

napi_status napi_has_property(napi_env env, napi_value object, napi_value key, bool* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK_ARG(env, key);
  NAPI_TO_OBJECT(env, obj, object);
  return answer(env, guard, obj->Has(env->ctx(), to_local(key)), result);
}

napi_status napi_get_property(napi_env env, napi_value object, napi_value key, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, key);
  NAPI_CHECK_ARG(env, result);
  NAPI_TO_OBJECT(env, obj, object);
  return get(env, guard, obj->Get(env->ctx(), to_local(key)), result);
}

napi_status napi_delete_property(napi_env env, napi_value object, napi_value key, bool* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, key);
  NAPI_TO_OBJECT(env, obj, object);
  return deleted(env, guard, obj->Delete(env->ctx(), to_local(key)), result);
}

napi_status napi_has_own_property(napi_env env, napi_value object, napi_value key, bool* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, key);
  NAPI_CHECK_ARG(env, result);
  NAPI_TO_OBJECT(env, obj, object);
  NAPI_CHECK(env, to_local(key)->IsName(), napi_name_expected);
  return answer(env, guard, obj->HasOwnProperty(env->ctx(), to_local(key).As<v8::Name>()), result);
}

// ---- by C string

napi_status napi_set_named_property(napi_env env, napi_value object, const char* utf8name, napi_value value) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, value);
  NAPI_TO_OBJECT(env, obj, object);
  NAPI_CHECK_ARG(env, utf8name);
  v8::Local<v8::String> key;
  NAPI_CHECK(env, key_of(env, utf8name).ToLocal(&key), napi_generic_failure);
  return set_done(env, guard, obj->Set(env->ctx(), key, to_local(value)));
}

napi_status napi_has_named_property(napi_env env, napi_value object, const char* utf8name, bool* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, result);
  NAPI_TO_OBJECT(env, obj, object);
  NAPI_CHECK_ARG(env, utf8name);
  v8::Local<v8::String> key;
  NAPI_CHECK(env, key_of(env, utf8name).ToLocal(&key), napi_generic_failure);
  return answer(env, guard, obj->Has(env->ctx(), key), result);
}

napi_status napi_get_named_property(napi_env env, napi_value object, const char* utf8name, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, result);
  NAPI_TO_OBJECT(env, obj, object);
  NAPI_CHECK_ARG(env, utf8name);
  v8::Local<v8::String> key;
  NAPI_CHECK(env, key_of(env, utf8name).ToLocal(&key), napi_generic_failure);
  return get(env, guard, obj->Get(env->ctx(), key), result);
}

// ---- by index

napi_status napi_set_element(napi_env env, napi_value object, uint32_t index, napi_value value) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, value);
  NAPI_TO_OBJECT(env, obj, object);
  return set_done(env, guard, obj->Set(env->ctx(), index, to_local(value)));
}

napi_status napi_has_element(napi_env env, napi_value object, uint32_t index, bool* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, result);
  NAPI_TO_OBJECT(env, obj, object);
  return answer(env, guard, obj->Has(env->ctx(), index), result);
}

napi_status napi_get_element(napi_env env, napi_value object, uint32_t index, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, result);
  NAPI_TO_OBJECT(env, obj, object);
  return get(env, guard, obj->Get(env->ctx(), index), result);
}

napi_status napi_delete_element(napi_env env, napi_value object, uint32_t index, bool* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_TO_OBJECT(env, obj, object);
  return deleted(env, guard, obj->Delete(env->ctx(), index), result);
}

// ---- descriptors, integrity, tags

napi_status napi_define_properties(napi_env env, napi_value object, size_t property_count, const napi_property_descriptor* properties) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  if (property_count > 0) NAPI_CHECK_ARG(env, properties);
  NAPI_CHECK(env, to_local(object)->IsObject(), napi_object_expected);
  v8::Local<v8::Object> obj = to_local(object).As<v8::Object>();
  for (size_t i = 0; i < property_count; i++) {
    const napi_property_descriptor* p = &properties[i];
    v8::Local<v8::Name> name;
    napi_status status = property_name(env, p, &name);
    if (status != napi_ok) return status;
    bool has_body = p->getter != nullptr || p->setter != nullptr || p->method != nullptr;
    NAPI_CHECK(env, has_body || p->value != nullptr, napi_invalid_arg);
    if (!define_one(env, obj, name, p).FromMaybe(false)) return guard.failed(napi_invalid_arg);
  }
  return done(env);
}

napi_status napi_object_freeze(napi_env env, napi_value object) { return set_integrity(env, object, v8::IntegrityLevel::kFrozen); }

napi_status napi_object_seal(napi_env env, napi_value object) { return set_integrity(env, object, v8::IntegrityLevel::kSealed); }

napi_status napi_type_tag_object(napi_env env, napi_value value, const napi_type_tag* type_tag) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_TO_OBJECT(env, obj, value);
  NAPI_CHECK_ARG(env, type_tag);
  if (obj->IsExternal()) {
    ExternalBox* box = external_box(env, obj);
    NAPI_CHECK(env, box != nullptr && !box->tagged, napi_invalid_arg);
    box->tagged = true;
    box->tag = *type_tag;
    return done(env);
  }
  v8::Local<v8::Private> key = env->tag_key.Get(env->iso);
  v8::Maybe<bool> has = obj->HasPrivate(env->ctx(), key);
  if (has.IsNothing()) return guard.failed(napi_generic_failure);
  NAPI_CHECK(env, !has.FromJust(), napi_invalid_arg);  // an object has one tag for life
  v8::Local<v8::BigInt> tag;
  if (!tag_value(env, type_tag).ToLocal(&tag)) return guard.failed(napi_generic_failure);
  if (!obj->SetPrivate(env->ctx(), key, tag).FromMaybe(false)) return guard.failed(napi_generic_failure);
  return done(env);
}

napi_status napi_check_object_type_tag(napi_env env, napi_value value, const napi_type_tag* type_tag, bool* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_TO_OBJECT(env, obj, value);
  NAPI_CHECK_ARG(env, type_tag);
  NAPI_CHECK_ARG(env, result);
  if (obj->IsExternal()) {
    ExternalBox* box = external_box(env, obj);
    *result = box != nullptr && box->tagged && box->tag.lower == type_tag->lower && box->tag.upper == type_tag->upper;
    return done(env);
  }
  v8::Local<v8::Value> got;
  if (!obj->GetPrivate(env->ctx(), env->tag_key.Get(env->iso)).ToLocal(&got)) return guard.failed(napi_generic_failure);
  *result = false;
  if (!got->IsBigInt()) return done(env);
  uint64_t words[2] = {0, 0};
  int sign = 0, n = 2;
  got.As<v8::BigInt>()->ToWordsArray(&sign, &n, words);
  *result = sign == 0 && words[0] == type_tag->lower && words[1] == type_tag->upper;
  return done(env);
}
