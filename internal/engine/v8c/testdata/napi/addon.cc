// The addon of napi_test.go: one exported function for each thing that its script looks at.
#define NAPI_VERSION 9
#include "napi.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Args {
  napi_env env;
  size_t n = 8;
  napi_value v[8];
  napi_value self = nullptr;
  void* data = nullptr;
  Args(napi_env e, napi_callback_info info) : env(e) { napi_get_cb_info(e, info, &n, v, &self, &data); }
};

napi_value num(napi_env env, double d) {
  napi_value v = nullptr;
  napi_create_double(env, d, &v);
  return v;
}
napi_value boolean(napi_env env, bool b) {
  napi_value v = nullptr;
  napi_get_boolean(env, b, &v);
  return v;
}
napi_value text(napi_env env, const std::string& s) {
  napi_value v = nullptr;
  napi_create_string_utf8(env, s.data(), s.size(), &v);
  return v;
}
void set(napi_env env, napi_value o, const char* name, napi_value v) { napi_set_named_property(env, o, name, v); }

// ---- values

napi_value Typeof(napi_env env, napi_callback_info info) {
  Args a(env, info);
  napi_valuetype t;
  if (napi_typeof(env, a.v[0], &t) != napi_ok) return nullptr;
  return num(env, t);
}

// Every reading of a value: [status, result] by name.
napi_value Read(napi_env env, napi_callback_info info) {
  Args a(env, info);
  napi_value out;
  napi_create_object(env, &out);
  auto put = [&](const char* name, napi_status s, napi_value v) {
    napi_value pair;
    napi_create_array_with_length(env, 2, &pair);
    napi_set_element(env, pair, 0, num(env, s));
    if (s == napi_ok) napi_set_element(env, pair, 1, v);
    set(env, out, name, pair);
  };
  double d = 0;
  napi_status s = napi_get_value_double(env, a.v[0], &d);
  put("double", s, num(env, d));
  int32_t i = 0;
  s = napi_get_value_int32(env, a.v[0], &i);
  put("int32", s, num(env, i));
  uint32_t u = 0;
  s = napi_get_value_uint32(env, a.v[0], &u);
  put("uint32", s, num(env, u));
  int64_t l = 0;
  s = napi_get_value_int64(env, a.v[0], &l);
  put("int64", s, num(env, static_cast<double>(l)));
  bool b = false;
  s = napi_get_value_bool(env, a.v[0], &b);
  put("bool", s, boolean(env, b));
  bool lossless = false;
  s = napi_get_value_bigint_int64(env, a.v[0], &l, &lossless);
  put("bigint64", s, num(env, s == napi_ok ? static_cast<double>(l) : 0));
  s = napi_get_date_value(env, a.v[0], &d);
  put("date", s, num(env, d));
  return out;
}

// (string, encoding 1 latin1 | 2 utf8 | 3 utf16, bufsize or -1 for the length) -> [length, copy]
napi_value Copy(napi_env env, napi_callback_info info) {
  Args a(env, info);
  int32_t enc = 0, size = 0;
  napi_get_value_int32(env, a.v[1], &enc);
  napi_get_value_int32(env, a.v[2], &size);
  char bytes[256];
  char16_t units[256];
  memset(bytes, 'x', sizeof bytes);
  size_t n = 12345;
  napi_status s;
  size_t cap = size < 0 ? 0 : static_cast<size_t>(size);
  if (enc == 1) s = napi_get_value_string_latin1(env, a.v[0], size < 0 ? nullptr : bytes, cap, &n);
  else if (enc == 2) s = napi_get_value_string_utf8(env, a.v[0], size < 0 ? nullptr : bytes, cap, &n);
  else s = napi_get_value_string_utf16(env, a.v[0], size < 0 ? nullptr : units, cap, &n);
  napi_value out, v = nullptr;
  napi_create_array(env, &out);
  napi_set_element(env, out, 0, num(env, s == napi_ok ? static_cast<double>(n) : -static_cast<double>(s)));
  if (s != napi_ok || size <= 0) return out;
  if (enc == 1) napi_create_string_latin1(env, bytes, NAPI_AUTO_LENGTH, &v);
  else if (enc == 2) napi_create_string_utf8(env, bytes, NAPI_AUTO_LENGTH, &v);
  else napi_create_string_utf16(env, units, NAPI_AUTO_LENGTH, &v);
  napi_set_element(env, out, 1, v);
  return out;
}

napi_value Words(napi_env env, napi_callback_info info) {
  Args a(env, info);
  int sign = 0;
  size_t n = 0;
  if (napi_get_value_bigint_words(env, a.v[0], nullptr, &n, nullptr) != napi_ok) return nullptr;
  std::vector<uint64_t> words(n + 1);
  napi_get_value_bigint_words(env, a.v[0], &sign, &n, words.data());
  napi_value out = nullptr;
  napi_create_bigint_words(env, sign, n, words.data(), &out);
  return out;
}

// (what, value): 0 bool, 1 number, 2 object, 3 string
napi_value Coerce(napi_env env, napi_callback_info info) {
  Args a(env, info);
  int32_t what = 0;
  napi_get_value_int32(env, a.v[0], &what);
  napi_value out = nullptr;
  switch (what) {
    case 0: napi_coerce_to_bool(env, a.v[1], &out); break;
    case 1: napi_coerce_to_number(env, a.v[1], &out); break;
    case 2: napi_coerce_to_object(env, a.v[1], &out); break;
    default: napi_coerce_to_string(env, a.v[1], &out); break;
  }
  return out;
}

napi_value InstanceOf(napi_env env, napi_callback_info info) {
  Args a(env, info);
  bool is = false;
  napi_instanceof(env, a.v[0], a.v[1], &is);
  return boolean(env, is);
}

// ---- objects

napi_value Keys(napi_env env, napi_callback_info info) {
  Args a(env, info);
  int32_t mode = 0, filter = 0, conversion = 0;
  napi_get_value_int32(env, a.v[1], &mode);
  napi_get_value_int32(env, a.v[2], &filter);
  napi_get_value_int32(env, a.v[3], &conversion);
  napi_value out = nullptr;
  napi_get_all_property_names(env, a.v[0], static_cast<napi_key_collection_mode>(mode), static_cast<napi_key_filter>(filter),
                              static_cast<napi_key_conversion>(conversion), &out);
  return out;
}

// (object, key, value) -> statuses of set, get, has, own, delete
napi_value Properties(napi_env env, napi_callback_info info) {
  Args a(env, info);
  napi_value got = nullptr, out;
  bool b;
  std::vector<int> s;
  auto note = [&](napi_status status) {
    s.push_back(status);
    napi_value ignored;
    napi_get_and_clear_last_exception(env, &ignored);
  };
  note(napi_set_property(env, a.v[0], a.v[1], a.v[2]));
  note(napi_get_property(env, a.v[0], a.v[1], &got));
  note(napi_has_property(env, a.v[0], a.v[1], &b));
  note(napi_has_own_property(env, a.v[0], a.v[1], &b));
  note(napi_delete_property(env, a.v[0], a.v[1], &b));
  note(napi_set_named_property(env, a.v[0], "named", a.v[2]));
  note(napi_set_element(env, a.v[0], 3, a.v[2]));
  note(napi_object_freeze(env, a.v[0]));
  note(napi_set_named_property(env, a.v[0], "late", a.v[2]));
  napi_create_array(env, &out);
  for (size_t i = 0; i < s.size(); i++) napi_set_element(env, out, static_cast<uint32_t>(i), num(env, s[i]));
  return out;
}

const napi_type_tag kTags[] = {{101, 202}, {303, 404}, {5, 0}};

napi_value Tag(napi_env env, napi_callback_info info) {
  Args a(env, info);
  int32_t i = 0;
  napi_get_value_int32(env, a.v[1], &i);
  return num(env, napi_type_tag_object(env, a.v[0], &kTags[i]));
}
napi_value HasTag(napi_env env, napi_callback_info info) {
  Args a(env, info);
  int32_t i = 0;
  napi_get_value_int32(env, a.v[1], &i);
  bool is = false;
  napi_check_object_type_tag(env, a.v[0], &kTags[i], &is);
  return boolean(env, is);
}

// ---- functions, errors, classes

// (function, receiver, ...args) -> its result; with an exception: what napi_get_and_clear_last_exception gives, wrapped
napi_value Call(napi_env env, napi_callback_info info) {
  Args a(env, info);
  napi_value out = nullptr;
  napi_status s = napi_call_function(env, a.v[1], a.v[0], a.n - 2, a.v + 2, &out);
  if (s != napi_pending_exception) return out;
  napi_value second, error, holder;
  // While an exception waits nothing else may run.
  napi_status refused = napi_call_function(env, a.v[1], a.v[0], 0, nullptr, &second);
  napi_get_and_clear_last_exception(env, &error);
  napi_create_object(env, &holder);
  set(env, holder, "caught", error);
  set(env, holder, "refused", num(env, refused));
  return holder;
}
napi_value CallThrough(napi_env env, napi_callback_info info) {
  Args a(env, info);
  napi_value out = nullptr;
  napi_call_function(env, a.v[1], a.v[0], 0, nullptr, &out);
  return out;  // the exception, if any, goes on to JS
}
napi_value Throw(napi_env env, napi_callback_info info) {
  Args a(env, info);
  int32_t kind = 0;
  napi_get_value_int32(env, a.v[0], &kind);
  switch (kind) {
    case 0: napi_throw(env, a.v[1]); break;
    case 1: napi_throw_error(env, "E_ONE", "one"); break;
    case 2: napi_throw_type_error(env, nullptr, "two"); break;
    case 3: napi_throw_range_error(env, "E_THREE", "three"); break;
    default: node_api_throw_syntax_error(env, "E_FOUR", "four"); break;
  }
  return nullptr;
}
napi_value MakeError(napi_env env, napi_callback_info info) {
  Args a(env, info);
  napi_value out = nullptr;
  napi_status s = napi_create_type_error(env, a.n > 1 ? a.v[1] : nullptr, a.v[0], &out);
  return s == napi_ok ? out : num(env, s);
}
napi_value LastError(napi_env env, napi_callback_info info) {
  Args a(env, info);
  double d;
  napi_get_value_double(env, a.v[0], &d);
  const napi_extended_error_info* e;
  napi_get_last_error_info(env, &e);
  return e->error_message == nullptr ? nullptr : text(env, e->error_message);
}
napi_value NewTarget(napi_env env, napi_callback_info info) {
  napi_value t = nullptr;
  napi_get_new_target(env, info, &t);
  return t != nullptr ? nullptr : boolean(env, true);
}
// Leaves scopes open; the runtime has to close them.
napi_value LeaveScopes(napi_env env, napi_callback_info info) {
  napi_handle_scope one;
  napi_escapable_handle_scope two;
  napi_open_handle_scope(env, &one);
  napi_open_escapable_handle_scope(env, &two);
  return num(env, napi_close_handle_scope(env, one));  // not the innermost
}
napi_value Escape(napi_env env, napi_callback_info info) {
  napi_escapable_handle_scope scope;
  napi_open_escapable_handle_scope(env, &scope);
  napi_value o, out = nullptr, again;
  napi_create_object(env, &o);
  napi_escape_handle(env, scope, o, &out);
  napi_status twice = napi_escape_handle(env, scope, o, &again);
  napi_close_escapable_handle_scope(env, scope);
  set(env, out, "twice", num(env, twice));
  return out;
}

int alive = 0, finalized = 0;

struct Counter {
  double value;
  napi_ref ref = nullptr;
};

void DeleteCounter(napi_env env, void* data, void*) {
  auto c = static_cast<Counter*>(data);
  if (c->ref != nullptr) napi_delete_reference(env, c->ref);
  delete c;
  alive--;
  finalized++;
}
napi_value NewCounter(napi_env env, napi_callback_info info) {
  Args a(env, info);
  auto c = new Counter{0};
  napi_get_value_double(env, a.v[0], &c->value);
  bool own = a.n > 1;
  if (napi_wrap(env, a.self, c, DeleteCounter, nullptr, own ? &c->ref : nullptr) != napi_ok) {
    delete c;
    napi_throw_error(env, nullptr, "wrapped twice");
    return nullptr;
  }
  alive++;
  return a.self;
}
Counter* counter(napi_env env, napi_value self) {
  void* p = nullptr;
  return napi_unwrap(env, self, &p) == napi_ok ? static_cast<Counter*>(p) : nullptr;
}
napi_value GetValue(napi_env env, napi_callback_info info) {
  Args a(env, info);
  Counter* c = counter(env, a.self);
  return c != nullptr ? num(env, c->value) : nullptr;
}
napi_value SetValue(napi_env env, napi_callback_info info) {
  Args a(env, info);
  if (Counter* c = counter(env, a.self)) napi_get_value_double(env, a.v[0], &c->value);
  return nullptr;
}
napi_value Increment(napi_env env, napi_callback_info info) {
  Args a(env, info);
  Counter* c = counter(env, a.self);
  return c != nullptr ? num(env, ++c->value) : nullptr;
}
napi_value Static(napi_env env, napi_callback_info info) { return text(env, "static"); }
napi_value Unwrap(napi_env env, napi_callback_info info) {
  Args a(env, info);
  void* p = nullptr;
  napi_status s = napi_remove_wrap(env, a.v[0], &p);
  if (s == napi_ok) {
    delete static_cast<Counter*>(p);
    alive--;
  }
  return num(env, s);
}
napi_value Alive(napi_env env, napi_callback_info) { return num(env, alive); }
napi_value Finalized(napi_env env, napi_callback_info) { return num(env, finalized); }

// ---- externals and references

napi_value External(napi_env env, napi_callback_info) {
  napi_value out = nullptr;
  alive++;
  napi_create_external(env, new Counter{7}, DeleteCounter, nullptr, &out);
  return out;
}
napi_value ReadExternal(napi_env env, napi_callback_info info) {
  Args a(env, info);
  void* p = nullptr;
  napi_status s = napi_get_value_external(env, a.v[0], &p);
  return num(env, s == napi_ok ? static_cast<Counter*>(p)->value : -s);
}

napi_ref kept;
napi_value Keep(napi_env env, napi_callback_info info) {
  Args a(env, info);
  uint32_t n = 0;
  napi_get_value_uint32(env, a.v[1], &n);
  return num(env, napi_create_reference(env, a.v[0], n, &kept));
}
napi_value Kept(napi_env env, napi_callback_info) {
  napi_value out = nullptr;
  napi_get_reference_value(env, kept, &out);
  return out;
}
napi_value KeepRef(napi_env env, napi_callback_info) {
  uint32_t n = 0;
  napi_reference_ref(env, kept, &n);
  return num(env, n);
}
napi_value KeepUnref(napi_env env, napi_callback_info) {
  uint32_t n = 0;
  napi_status s = napi_reference_unref(env, kept, &n);
  return num(env, s == napi_ok ? n : -static_cast<double>(s));
}
napi_value KeepDelete(napi_env env, napi_callback_info) { return num(env, napi_delete_reference(env, kept)); }

// ---- buffers

napi_value Buffer(napi_env env, napi_callback_info info) {
  Args a(env, info);
  void *data = nullptr, *again = nullptr;
  size_t n = 0;
  napi_value out = nullptr;
  napi_create_buffer_copy(env, 5, "hello", &data, &out);
  napi_get_buffer_info(env, out, &again, &n);
  if (data != again || n != 5) napi_throw_error(env, nullptr, "buffer moved");
  return out;
}
napi_value SumBytes(napi_env env, napi_callback_info info) {
  Args a(env, info);
  void* data = nullptr;
  size_t n = 0;
  napi_status s = napi_get_buffer_info(env, a.v[0], &data, &n);
  if (s != napi_ok) return num(env, -s);
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += static_cast<uint8_t*>(data)[i];
  return num(env, sum);
}
napi_value View(napi_env env, napi_callback_info info) {
  Args a(env, info);
  int32_t type = 0;
  uint32_t length = 0, offset = 0;
  napi_get_value_int32(env, a.v[0], &type);
  napi_get_value_uint32(env, a.v[2], &length);
  napi_get_value_uint32(env, a.v[3], &offset);
  napi_value out = nullptr;
  if (type < 0) napi_create_dataview(env, length, a.v[1], offset, &out);
  else napi_create_typedarray(env, static_cast<napi_typedarray_type>(type), length, a.v[1], offset, &out);
  return out;
}
napi_value Detach(napi_env env, napi_callback_info info) {
  Args a(env, info);
  bool is = false;
  napi_detach_arraybuffer(env, a.v[0]);
  napi_is_detached_arraybuffer(env, a.v[0], &is);
  return boolean(env, is);
}
void Nothing(napi_env, void*, void*) {}
napi_value ExternalBuffers(napi_env env, napi_callback_info) {
  static char memory[16];
  napi_value out;
  int a = napi_create_external_arraybuffer(env, memory, sizeof memory, Nothing, nullptr, &out);
  int b = napi_create_external_buffer(env, sizeof memory, memory, Nothing, nullptr, &out);
  return text(env, std::to_string(a) + " " + std::to_string(b));
}

// ---- asynchronous

struct Work {
  napi_async_work work = nullptr;
  napi_deferred deferred = nullptr;
  napi_ref callback = nullptr;
  double n = 0;
};
napi_value Square(napi_env env, napi_callback_info info) {
  Args a(env, info);
  auto w = new Work;
  napi_get_value_double(env, a.v[0], &w->n);
  napi_value promise = nullptr;
  napi_create_promise(env, &w->deferred, &promise);
  napi_create_async_work(
      env, nullptr, text(env, "square"),
      [](napi_env, void* p) {
        auto work = static_cast<Work*>(p);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        work->n *= work->n;
      },
      [](napi_env e, napi_status s, void* p) {
        auto work = static_cast<Work*>(p);
        if (s == napi_ok) napi_resolve_deferred(e, work->deferred, num(e, work->n));
        else napi_reject_deferred(e, work->deferred, num(e, s));
        napi_delete_async_work(e, work->work);
        delete work;
      },
      w, &w->work);
  napi_queue_async_work(env, w->work);
  if (a.n > 1) {  // how many statuses of cancelling right away are fine: it may have started
    napi_status s = napi_cancel_async_work(env, w->work);
    if (s != napi_ok && s != napi_generic_failure) napi_throw_error(env, nullptr, "cancel");
  }
  return promise;
}
// A complete callback that throws: uncaught.
napi_value ThrowLater(napi_env env, napi_callback_info) {
  auto w = new Work;
  napi_create_async_work(
      env, nullptr, text(env, "throw"), [](napi_env, void*) {},
      [](napi_env e, napi_status, void* p) {
        napi_delete_async_work(e, static_cast<Work*>(p)->work);
        delete static_cast<Work*>(p);
        napi_throw_error(e, "E_LATER", "later");
      },
      w, &w->work);
  napi_queue_async_work(env, w->work);
  return nullptr;
}

// (callback, threads, calls of each, queue limit, done): every call passes its number; done() when the function is finalized
struct Stream {
  napi_threadsafe_function f = nullptr;
  napi_ref done = nullptr;
  std::vector<std::thread> threads;
};
napi_value Threads(napi_env env, napi_callback_info info) {
  Args a(env, info);
  uint32_t threads = 0, calls = 0, limit = 0;
  napi_get_value_uint32(env, a.v[1], &threads);
  napi_get_value_uint32(env, a.v[2], &calls);
  napi_get_value_uint32(env, a.v[3], &limit);
  auto s = new Stream;
  napi_create_reference(env, a.v[4], 1, &s->done);
  napi_status status = napi_create_threadsafe_function(
      env, a.v[0], nullptr, text(env, "stream"), limit, threads, s,
      [](napi_env e, void* data, void*) {
        auto stream = static_cast<Stream*>(data);
        for (auto& t : stream->threads) t.join();
        napi_value done, undefined;
        napi_get_undefined(e, &undefined);
        napi_get_reference_value(e, stream->done, &done);
        napi_delete_reference(e, stream->done);
        delete stream;
        napi_call_function(e, undefined, done, 0, nullptr, nullptr);
      },
      s,
      [](napi_env e, napi_value js, void*, void* data) {
        if (e == nullptr) return;
        napi_value undefined, arg = num(e, static_cast<double>(reinterpret_cast<intptr_t>(data)));
        napi_get_undefined(e, &undefined);
        napi_call_function(e, undefined, js, 1, &arg, nullptr);
      },
      &s->f);
  if (status != napi_ok) return num(env, status);
  for (uint32_t t = 0; t < threads; t++) {
    s->threads.emplace_back([s, t, calls] {
      for (uint32_t i = 0; i < calls; i++) {
        if (napi_call_threadsafe_function(s->f, reinterpret_cast<void*>(static_cast<intptr_t>(t * calls + i)), napi_tsfn_blocking) !=
            napi_ok) {
          return;  // closing: that was the release
        }
      }
      napi_release_threadsafe_function(s->f, napi_tsfn_release);
    });
  }
  return num(env, 0);
}
// Left open until the end of the isolate, with a thread that blocks on it. The thread ends when teardown closes it.
std::thread leftover;
std::atomic<int> leftover_result{-1};
napi_value LeaveOpen(napi_env env, napi_callback_info info) {
  Args a(env, info);
  static napi_threadsafe_function f;
  napi_create_threadsafe_function(env, a.v[0], nullptr, text(env, "open"), 1, 1, nullptr, nullptr, nullptr, nullptr, &f);
  napi_unref_threadsafe_function(env, f);
  leftover = std::thread([] {
    napi_status s = napi_ok;
    while (s == napi_ok) s = napi_call_threadsafe_function(f, nullptr, napi_tsfn_blocking);
    leftover_result = s;
  });
  return nullptr;
}
napi_value MakeCallback(napi_env env, napi_callback_info info) {
  Args a(env, info);
  napi_async_context context;
  napi_value out = nullptr;
  napi_async_init(env, nullptr, text(env, "context"), &context);
  napi_make_callback(env, context, a.v[0], a.v[1], a.n - 2, a.v + 2, &out);
  napi_async_destroy(env, context);
  return out;
}

// ---- env

napi_value RunScript(napi_env env, napi_callback_info info) {
  Args a(env, info);
  napi_value out = nullptr;
  napi_run_script(env, a.v[0], &out);
  return out;
}
napi_value Filename(napi_env env, napi_callback_info) {
  const char* name = nullptr;
  node_api_get_module_file_name(env, &name);
  return text(env, name);
}
napi_value Versions(napi_env env, napi_callback_info) {
  uint32_t v = 0;
  const napi_node_version* node = nullptr;
  napi_get_version(env, &v);
  napi_get_node_version(env, &node);
  return text(env, std::to_string(v) + " " + std::to_string(node->major) + " " + node->release);
}

// What teardown did, in order: written to the file of ROOST_NAPI_LOG, for the Go half of the test.
void log(const char* line) {
  const char* path = std::getenv("ROOST_NAPI_LOG");
  if (path == nullptr) return;
  FILE* f = std::fopen(path, "a");
  std::fprintf(f, "%s\n", line);
  std::fclose(f);
}
void Hook(void* arg) { log(static_cast<const char*>(arg)); }
void AsyncHook(napi_async_cleanup_hook_handle handle, void*) {
  log("async hook");
  napi_remove_async_cleanup_hook(handle);
}
char name1[] = "hook 1", name2[] = "hook 2", name3[] = "hook 3";

napi_value Init(napi_env env, napi_value exports) {
  napi_property_descriptor methods[] = {
#define METHOD(f) {#f, nullptr, f, nullptr, nullptr, nullptr, napi_default_method, nullptr}
      METHOD(Typeof), METHOD(Read), METHOD(Copy), METHOD(Words), METHOD(Coerce), METHOD(InstanceOf), METHOD(Keys), METHOD(Properties),
      METHOD(Tag), METHOD(HasTag), METHOD(Call), METHOD(CallThrough), METHOD(Throw), METHOD(MakeError), METHOD(LastError),
      METHOD(NewTarget), METHOD(LeaveScopes), METHOD(Escape), METHOD(Unwrap), METHOD(Alive), METHOD(Finalized), METHOD(External),
      METHOD(ReadExternal), METHOD(Keep), METHOD(Kept), METHOD(KeepRef), METHOD(KeepUnref), METHOD(KeepDelete), METHOD(Buffer),
      METHOD(SumBytes), METHOD(View), METHOD(Detach), METHOD(ExternalBuffers), METHOD(Square), METHOD(ThrowLater), METHOD(Threads),
      METHOD(LeaveOpen), METHOD(MakeCallback), METHOD(RunScript), METHOD(Filename), METHOD(Versions)};
  napi_define_properties(env, exports, sizeof methods / sizeof methods[0], methods);

  napi_value list, cls;
  napi_create_array(env, &list);
  napi_property_descriptor members[] = {
      {"value", nullptr, nullptr, GetValue, SetValue, nullptr, napi_enumerable, nullptr},
      {"readOnly", nullptr, nullptr, GetValue, nullptr, nullptr, napi_default, nullptr},
      {"increment", nullptr, Increment, nullptr, nullptr, nullptr, napi_default_method, nullptr},
      {"make", nullptr, Static, nullptr, nullptr, nullptr, static_cast<napi_property_attributes>(napi_default_method | napi_static), nullptr},
      {"list", nullptr, nullptr, nullptr, nullptr, list, napi_default_jsproperty, nullptr},
  };
  napi_define_class(env, "Counter", NAPI_AUTO_LENGTH, NewCounter, nullptr, sizeof members / sizeof members[0], members, &cls);
  set(env, exports, "Counter", cls);

  napi_set_instance_data(env, name1, [](napi_env, void*, void*) { log("instance data"); }, nullptr);
  napi_add_env_cleanup_hook(env, Hook, name1);
  napi_add_env_cleanup_hook(env, Hook, name2);
  napi_add_env_cleanup_hook(env, Hook, name3);
  napi_remove_env_cleanup_hook(env, Hook, name2);
  napi_add_async_cleanup_hook(env, AsyncHook, nullptr, nullptr);
  napi_add_env_cleanup_hook(
      env,
      [](void*) {
        if (leftover.joinable()) log("leftover hook");
      },
      nullptr);
  napi_value tail;
  napi_create_external(env, name1, [](napi_env, void*, void*) {
    if (leftover.joinable()) {
      leftover.join();
      log(leftover_result == napi_closing ? "thread saw closing" : "thread saw something else");
    }
    log("external");
  }, nullptr, &tail);
  set(env, exports, "tail", tail);
  return exports;
}

}  // namespace

NAPI_MODULE(addon, Init)
