// napi_value.cc: primitives and dates: making, reading, coercing, comparing.
#include <cmath>

#include "napi_internal.h"

using namespace roost_napi;

namespace {

// Length in code units of an addon's string, or false when the arguments don't fit.
template <typename Char>
bool string_length(const Char* str, size_t length, int* out) {
  if (str == nullptr) {
    *out = 0;
    return length == 0;
  }
  if (length == NAPI_AUTO_LENGTH) length = std::char_traits<Char>::length(str);
  if (length > INT_MAX) return false;
  *out = static_cast<int>(length);
  return true;
}

v8::MaybeLocal<v8::String> string_of(v8::Isolate* iso, const char* s, int n, v8::NewStringType type) {
  return v8::String::NewFromUtf8(iso, s == nullptr ? "" : s, type, n);
}
v8::MaybeLocal<v8::String> latin1_of(v8::Isolate* iso, const char* s, int n, v8::NewStringType type) {
  return v8::String::NewFromOneByte(iso, reinterpret_cast<const uint8_t*>(s == nullptr ? "" : s), type, n);
}
v8::MaybeLocal<v8::String> utf16_of(v8::Isolate* iso, const char16_t* s, int n, v8::NewStringType type) {
  return v8::String::NewFromTwoByte(iso, reinterpret_cast<const uint16_t*>(s == nullptr ? u"" : s), type, n);
}

template <typename Char, typename Make>
napi_status create_string(napi_env env, const Char* str, size_t length, napi_value* result, v8::NewStringType type, Make make) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  int n;
  NAPI_CHECK(env, string_length(str, length, &n), napi_invalid_arg);
  v8::Local<v8::String> s;
  NAPI_CHECK(env, make(env->iso, str, n, type).ToLocal(&s), napi_generic_failure);
  *result = to_napi(s);
  return done(env);
}

// V8's sandbox keeps foreign memory out of its heap, so an "external" string is a copy, and the original is released at
// once, as the API allows (*copied).
template <typename Char, typename Make>
napi_status create_external_string(napi_env env, Char* str, size_t length, napi_finalize finalize, void* hint, napi_value* result,
                                   bool* copied, Make make) {
  napi_status status = create_string(env, static_cast<const Char*>(str), length, result, v8::NewStringType::kNormal, make);
  if (status != napi_ok) return status;
  if (copied != nullptr) *copied = true;
  if (finalize != nullptr) {
    v8::HandleScope scope(env->iso);
    finalize(env, str, hint);
  }
  return done(env);
}

napi_status return_value(napi_env env, v8::Local<v8::Value> v, napi_value* result) {
  *result = to_napi(v);
  return done(env);
}

// The part of napi_get_value_string_* after the copying: a zero, and the length for whoever asked.
template <typename Char>
void end_string(Char* buf, size_t n, size_t* result) {
  buf[n] = 0;
  if (result != nullptr) *result = n;
}

template <typename Char, typename Length, typename Copy>
napi_status get_string(napi_env env, napi_value value, Char* buf, size_t bufsize, size_t* result, Length length, Copy copy) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK(env, to_local(value)->IsString(), napi_string_expected);
  v8::Local<v8::String> s = to_local(value).As<v8::String>();
  if (buf == nullptr) {
    NAPI_CHECK_ARG(env, result);
    *result = length(s);
  } else if (bufsize != 0) {
    end_string(buf, copy(s, bufsize - 1), result);
  } else if (result != nullptr) {
    *result = 0;
  }
  return done(env);
}

uint32_t at_most(v8::Local<v8::String> s, size_t cap) {
  size_t n = static_cast<size_t>(s->Length());
  return static_cast<uint32_t>(n < cap ? n : cap);
}

}  // namespace

// ---- making

napi_status napi_get_undefined(napi_env env, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  return return_value(env, v8::Undefined(env->iso), result);
}

napi_status napi_get_null(napi_env env, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  return return_value(env, v8::Null(env->iso), result);
}

napi_status napi_get_global(napi_env env, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  return return_value(env, env->ctx()->Global(), result);
}

napi_status napi_get_boolean(napi_env env, bool value, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  return return_value(env, v8::Boolean::New(env->iso, value), result);
}

napi_status napi_create_double(napi_env env, double value, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  return return_value(env, v8::Number::New(env->iso, value), result);
}

napi_status napi_create_int32(napi_env env, int32_t value, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  return return_value(env, v8::Integer::New(env->iso, value), result);
}

napi_status napi_create_uint32(napi_env env, uint32_t value, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  return return_value(env, v8::Integer::NewFromUnsigned(env->iso, value), result);
}

napi_status napi_create_int64(napi_env env, int64_t value, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  return return_value(env, v8::Number::New(env->iso, static_cast<double>(value)), result);
}

napi_status napi_create_string_latin1(napi_env env, const char* str, size_t length, napi_value* result) {
  return create_string(env, str, length, result, v8::NewStringType::kNormal, latin1_of);
}

napi_status napi_create_string_utf8(napi_env env, const char* str, size_t length, napi_value* result) {
  return create_string(env, str, length, result, v8::NewStringType::kNormal, string_of);
}

napi_status napi_create_string_utf16(napi_env env, const char16_t* str, size_t length, napi_value* result) {
  return create_string(env, str, length, result, v8::NewStringType::kNormal, utf16_of);
}

napi_status node_api_create_external_string_latin1(napi_env env, char* str, size_t length, node_api_basic_finalize finalize_callback,
                                                   void* finalize_hint, napi_value* result, bool* copied) {
  return create_external_string(env, str, length, finalize_callback, finalize_hint, result, copied, latin1_of);
}

napi_status node_api_create_external_string_utf16(napi_env env, char16_t* str, size_t length, node_api_basic_finalize finalize_callback,
                                                  void* finalize_hint, napi_value* result, bool* copied) {
  return create_external_string(env, str, length, finalize_callback, finalize_hint, result, copied, utf16_of);
}

napi_status node_api_create_property_key_latin1(napi_env env, const char* str, size_t length, napi_value* result) {
  return create_string(env, str, length, result, v8::NewStringType::kInternalized, latin1_of);
}

napi_status node_api_create_property_key_utf8(napi_env env, const char* str, size_t length, napi_value* result) {
  return create_string(env, str, length, result, v8::NewStringType::kInternalized, string_of);
}

napi_status node_api_create_property_key_utf16(napi_env env, const char16_t* str, size_t length, napi_value* result) {
  return create_string(env, str, length, result, v8::NewStringType::kInternalized, utf16_of);
}

napi_status napi_create_symbol(napi_env env, napi_value description, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  if (description == nullptr) return return_value(env, v8::Symbol::New(env->iso), result);
  v8::Local<v8::Value> text = to_local(description);
  NAPI_CHECK(env, text->IsString(), napi_string_expected);
  return return_value(env, v8::Symbol::New(env->iso, text.As<v8::String>()), result);
}

napi_status node_api_symbol_for(napi_env env, const char* utf8description, size_t length, napi_value* result) {
  napi_value text;
  napi_status status = napi_create_string_utf8(env, utf8description, length, &text);
  if (status != napi_ok) return status;
  NAPI_CHECK_ARG(env, result);
  return return_value(env, v8::Symbol::For(env->iso, to_local(text).As<v8::String>()), result);
}

napi_status napi_create_bigint_int64(napi_env env, int64_t value, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  return return_value(env, v8::BigInt::New(env->iso, value), result);
}

napi_status napi_create_bigint_uint64(napi_env env, uint64_t value, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  return return_value(env, v8::BigInt::NewFromUnsigned(env->iso, value), result);
}

napi_status napi_create_bigint_words(napi_env env, int sign_bit, size_t word_count, const uint64_t* words, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, words);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK(env, word_count <= INT_MAX, napi_invalid_arg);
  v8::Local<v8::BigInt> b;
  // Too many words is a RangeError of V8's.
  if (!v8::BigInt::NewFromWords(env->ctx(), sign_bit, static_cast<int>(word_count), words).ToLocal(&b)) {
    return guard.failed(napi_generic_failure);
  }
  return return_value(env, b, result);
}

napi_status napi_create_date(napi_env env, double time, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> date;
  if (!v8::Date::New(env->ctx(), time).ToLocal(&date)) return guard.failed(napi_generic_failure);
  return return_value(env, date, result);
}

// ---- reading

napi_status napi_typeof(napi_env env, napi_value value, napi_valuetype* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> v = to_local(value);
  if (v->IsNumber()) *result = napi_number;
  else if (v->IsString()) *result = napi_string;
  else if (v->IsFunction()) *result = napi_function;  // before object: it is one
  else if (v->IsExternal()) *result = napi_external;  // likewise
  else if (v->IsObject()) *result = napi_object;
  else if (v->IsBoolean()) *result = napi_boolean;
  else if (v->IsUndefined()) *result = napi_undefined;
  else if (v->IsNull()) *result = napi_null;
  else if (v->IsSymbol()) *result = napi_symbol;
  else if (v->IsBigInt()) *result = napi_bigint;
  else return fail(env, napi_invalid_arg);
  return done(env);
}

napi_status napi_get_value_double(napi_env env, napi_value value, double* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK(env, to_local(value)->IsNumber(), napi_number_expected);
  *result = to_local(value).As<v8::Number>()->Value();
  return done(env);
}

// The integer readers of a number never run JS, so V8's conversions can't fail on it.

napi_status napi_get_value_int32(napi_env env, napi_value value, int32_t* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> v = to_local(value);
  NAPI_CHECK(env, v->IsNumber(), napi_number_expected);
  *result = v->Int32Value(env->ctx()).FromMaybe(0);  // wraps; what isn't finite is 0
  return done(env);
}

napi_status napi_get_value_uint32(napi_env env, napi_value value, uint32_t* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> v = to_local(value);
  NAPI_CHECK(env, v->IsNumber(), napi_number_expected);
  *result = v->Uint32Value(env->ctx()).FromMaybe(0);
  return done(env);
}

napi_status napi_get_value_int64(napi_env env, napi_value value, int64_t* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> v = to_local(value);
  NAPI_CHECK(env, v->IsNumber(), napi_number_expected);
  // Saturates outside the range; infinities are 0 by the API's definition.
  *result = std::isfinite(v.As<v8::Number>()->Value()) ? v->IntegerValue(env->ctx()).FromMaybe(0) : 0;
  return done(env);
}

napi_status napi_get_value_bool(napi_env env, napi_value value, bool* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK(env, to_local(value)->IsBoolean(), napi_boolean_expected);
  *result = to_local(value)->IsTrue();
  return done(env);
}

napi_status napi_get_value_string_latin1(napi_env env, napi_value value, char* buf, size_t bufsize, size_t* result) {
  return get_string(
      env, value, buf, bufsize, result, [](v8::Local<v8::String> s) { return static_cast<size_t>(s->Length()); },
      [&](v8::Local<v8::String> s, size_t cap) {
        uint32_t n = at_most(s, cap);
        s->WriteOneByteV2(env->iso, 0, n, reinterpret_cast<uint8_t*>(buf));
        return static_cast<size_t>(n);
      });
}

napi_status napi_get_value_string_utf8(napi_env env, napi_value value, char* buf, size_t bufsize, size_t* result) {
  return get_string(
      env, value, buf, bufsize, result, [&](v8::Local<v8::String> s) { return s->Utf8LengthV2(env->iso); },
      // Stops before a character that doesn't fit whole.
      [&](v8::Local<v8::String> s, size_t cap) {
        return s->WriteUtf8V2(env->iso, buf, cap, v8::String::WriteFlags::kReplaceInvalidUtf8);
      });
}

napi_status napi_get_value_string_utf16(napi_env env, napi_value value, char16_t* buf, size_t bufsize, size_t* result) {
  return get_string(
      env, value, buf, bufsize, result, [](v8::Local<v8::String> s) { return static_cast<size_t>(s->Length()); },
      [&](v8::Local<v8::String> s, size_t cap) {
        uint32_t n = at_most(s, cap);
        s->WriteV2(env->iso, 0, n, reinterpret_cast<uint16_t*>(buf));
        return static_cast<size_t>(n);
      });
}

napi_status napi_get_value_bigint_int64(napi_env env, napi_value value, int64_t* result, bool* lossless) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK_ARG(env, lossless);
  NAPI_CHECK(env, to_local(value)->IsBigInt(), napi_bigint_expected);
  *result = to_local(value).As<v8::BigInt>()->Int64Value(lossless);
  return done(env);
}

napi_status napi_get_value_bigint_uint64(napi_env env, napi_value value, uint64_t* result, bool* lossless) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK_ARG(env, lossless);
  NAPI_CHECK(env, to_local(value)->IsBigInt(), napi_bigint_expected);
  *result = to_local(value).As<v8::BigInt>()->Uint64Value(lossless);
  return done(env);
}

napi_status napi_get_value_bigint_words(napi_env env, napi_value value, int* sign_bit, size_t* word_count, uint64_t* words) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, word_count);
  NAPI_CHECK(env, to_local(value)->IsBigInt(), napi_bigint_expected);
  v8::Local<v8::BigInt> b = to_local(value).As<v8::BigInt>();
  if (sign_bit == nullptr && words == nullptr) {  // only how many there are
    *word_count = static_cast<size_t>(b->WordCount());
    return done(env);
  }
  NAPI_CHECK_ARG(env, sign_bit);
  NAPI_CHECK_ARG(env, words);
  int n = *word_count > INT_MAX ? INT_MAX : static_cast<int>(*word_count);
  b->ToWordsArray(sign_bit, &n, words);
  *word_count = static_cast<size_t>(n);
  return done(env);
}

napi_status napi_is_date(napi_env env, napi_value value, bool* is_date) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, is_date);
  *is_date = to_local(value)->IsDate();
  return done(env);
}

napi_status napi_get_date_value(napi_env env, napi_value value, double* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK(env, to_local(value)->IsDate(), napi_date_expected);
  *result = to_local(value).As<v8::Date>()->ValueOf();
  return done(env);
}

// ---- coercing and comparing

napi_status napi_coerce_to_bool(napi_env env, napi_value value, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  return return_value(env, v8::Boolean::New(env->iso, to_local(value)->BooleanValue(env->iso)), result);
}

napi_status napi_coerce_to_number(napi_env env, napi_value value, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Number> n;
  // The status names what was expected; the exception is pending as well.
  if (!to_local(value)->ToNumber(env->ctx()).ToLocal(&n)) return fail(env, napi_number_expected);
  return return_value(env, n, result);
}

napi_status napi_coerce_to_object(napi_env env, napi_value value, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  // What can't be one is a status, not an exception.
  NAPI_CHECK(env, !to_local(value)->IsNullOrUndefined(), napi_object_expected);
  NAPI_TO_OBJECT(env, object, value);
  return return_value(env, object, result);
}

napi_status napi_coerce_to_string(napi_env env, napi_value value, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::String> s;
  if (!to_local(value)->ToString(env->ctx()).ToLocal(&s)) return fail(env, napi_string_expected);
  return return_value(env, s, result);
}

napi_status napi_strict_equals(napi_env env, napi_value lhs, napi_value rhs, bool* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, lhs);
  NAPI_CHECK_ARG(env, rhs);
  NAPI_CHECK_ARG(env, result);
  *result = to_local(lhs)->StrictEquals(to_local(rhs));
  return done(env);
}

napi_status napi_instanceof(napi_env env, napi_value object, napi_value constructor, bool* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, object);
  NAPI_CHECK_ARG(env, constructor);
  NAPI_CHECK_ARG(env, result);
  *result = false;
  v8::Local<v8::Value> c = to_local(constructor);
  NAPI_TO_OBJECT(env, unused, constructor);  // null and undefined throw differently from what merely isn't a function
  if (!c->IsFunction()) {
    env->exception.Reset(env->iso, error_new(env, ErrorKind::kTypeError, "ERR_NAPI_CONS_FUNCTION", "Constructor must be a function"));
    return fail(env, napi_function_expected);
  }
  v8::Maybe<bool> is = to_local(object)->InstanceOf(env->ctx(), c.As<v8::Object>());
  if (is.IsNothing()) return guard.failed(napi_generic_failure);
  *result = is.FromJust();
  return done(env);
}
