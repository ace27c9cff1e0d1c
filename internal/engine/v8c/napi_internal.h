// napi_internal.h: what the napi_*.cc files share. The only header of theirs that knows V8.
//
// Threads: an env and everything it owns belong to the isolate's thread. What other threads touch (thread-safe functions,
// the pool's queue) is in napi_async.cc, behind its own mutexes; they reach the isolate's thread through env_post alone.
#ifndef ROOST_NAPI_INTERNAL_H_
#define ROOST_NAPI_INTERNAL_H_
#include <v8.h>

#include <atomic>
#include <climits>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "napi_embed.h"
#include "rt_internal.h"

namespace roost_napi {

constexpr int kVersion = 10;               // the highest Node-API version that we speak
constexpr int kDefaultModuleVersion = 8;   // of an addon that doesn't say
constexpr napi_node_version kNodeVersion = {24, 12, 0, "node"};

static_assert(sizeof(v8::Local<v8::Value>) == sizeof(napi_value), "a napi_value is a handle's slot address");

inline napi_value to_napi(v8::Local<v8::Value> v) { return reinterpret_cast<napi_value>(rt_to(v)); }
inline v8::Local<v8::Value> to_local(napi_value v) { return rt_local(v); }
// An array of napi_value is an array of Locals: same size, same content.
inline v8::Local<v8::Value>* to_locals(const napi_value* v) {
  return reinterpret_cast<v8::Local<v8::Value>*>(const_cast<napi_value*>(v));
}

// A member of a doubly linked ring. Unlinks itself when destroyed.
struct Link {
  Link* prev = this;
  Link* next = this;
  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link() { unlink(); }
  bool alone() const { return next == this; }
  void unlink() {
    prev->next = next;
    next->prev = prev;
    prev = next = this;
  }
  void insert_first(Link* item) {  // into the ring whose head this is
    item->unlink();
    item->next = next;
    item->prev = this;
    next->prev = item;
    next = item;
  }
  void insert_last(Link* item) { prev->insert_first(item); }
};

// An open handle scope. V8's scopes must close in the opposite order of opening, so an env keeps them as a stack.
struct Scope {
  Scope* below;
  explicit Scope(Scope* b) : below(b) {}
  virtual ~Scope() = default;
};

// A native function as JS sees it: what its v8::Function carries. Freed when the function is collected.
struct Callback : Link {
  napi_env env = nullptr;
  napi_callback cb = nullptr;
  void* data = nullptr;
  v8::Global<v8::External> self;  // weak
};

// What an external that we made points at. An external takes no private properties (its map is read-only in V8), so its
// type tag is here. Freed when the external is collected.
struct ExternalBox {
  napi_env root;
  void* data;
  bool tagged = false;
  napi_type_tag tag = {};
  v8::Global<v8::External> self;  // weak
};

// What posted tasks hold instead of the env, which may be gone when they run. Isolate's thread only.
struct Anchor {
  napi_env env;  // null once the env is closed
};

// A cleanup hook of either kind, in order of registration.
struct CleanupHook {
  napi_cleanup_hook fun;                  // null for an asynchronous one
  void* arg;
  napi_async_cleanup_hook_handle handle;  // null for a synchronous one
};

}  // namespace roost_napi

// A reference, and everything else with a finalizer: wraps, externals, instance data.
struct napi_ref__ : roost_napi::Link {
  napi_env env = nullptr;
  v8::Global<v8::Value> value;  // empty once collected
  uint32_t count = 0;           // 0: weak
  bool can_be_weak = false;
  bool owned_by_addon = false;  // the addon deletes it; otherwise it goes with its value
  bool is_wrap = false;
  napi_finalize finalize = nullptr;
  void* data = nullptr;
  void* hint = nullptr;
};

// One user of Node-API: Go itself, or one loaded addon. Isolate's thread only.
struct napi_env__ {
  rt_isolate* rt;
  v8::Isolate* iso;
  int version;           // the Node-API version that the addon was built for
  std::string filename;  // file: URL of the addon
  bool closing = false;     // teardown began: no more JS
  bool collecting = false;  // a finalizer runs inside a collection: no JS now
  std::shared_ptr<roost_napi::Anchor> anchor;

  napi_extended_error_info error = {};
  v8::Global<v8::Value> exception;  // pending; empty: none

  roost_napi::Scope* scopes = nullptr;  // innermost open scope
  roost_napi::Scope* floor = nullptr;   // scopes from here down belong to an outer callback
  int callback_scopes = 0;

  roost_napi::Link callbacks;   // of Callback
  roost_napi::Link refs;        // of napi_ref__ without finalizer
  roost_napi::Link finalizing;  // of napi_ref__ with finalizer, youngest first
  roost_napi::Link dead;        // of napi_ref__ whose value was collected and whose finalizer has to run
  roost_napi::Link works;       // of napi_async_work__ that are queued or running
  bool finalizers_posted = false;
  napi_ref instance_data = nullptr;
  std::vector<roost_napi::CleanupHook> hooks;
  int async_hooks_pending = 0;

  v8::Global<v8::Private> wrap_key;
  v8::Global<v8::Private> tag_key;

  // The root env only: the isolate's other envs, oldest first; the externals of all of them.
  std::vector<napi_env> addons;
  std::unordered_set<roost_napi::ExternalBox*> externals;

  v8::Local<v8::Context> ctx() { return rt->ctx(); }
};

namespace roost_napi {

// Envs (napi_env.cc).
napi_env env_new(rt_isolate* rt, int version, std::string filename);
void env_close(napi_env env);   // calls the addon's cleanup; env stays valid
void env_delete(napi_env env);
bool env_can_run_js(napi_env env);
// Runs run(env, data) on the isolate's thread, inside a handle scope; env is null when it was closed meanwhile.
// Any thread, also inside GC; the caller makes sure that the isolate lives during the call.
void env_post(rt_isolate* rt, const std::shared_ptr<Anchor>& anchor, void (*run)(napi_env, void*), void* data);
extern std::atomic<bool> force_uncaught;
void warn_uncaught(napi_env env);  // DEP0168; may run JS
void env_close_scopes(napi_env env, Scope* floor);  // closes what a callback left open
void env_add_hook(napi_env env, napi_cleanup_hook fun, void* arg);
bool env_remove_hook(napi_env env, napi_cleanup_hook fun, void* arg);
// An error object with an optional code.
enum class ErrorKind { kError, kTypeError, kRangeError, kSyntaxError };
v8::Local<v8::Value> error_new(napi_env env, ErrorKind kind, const char* code, const char* message);

// References and finalizers (napi_function.cc).
napi_ref ref_new(napi_env env, v8::Local<v8::Value> value, uint32_t count, bool owned_by_addon, napi_finalize finalize, void* data,
                 void* hint);
void ref_finalize(napi_ref ref);         // runs the finalizer; frees ref unless the addon owns it. May run JS
void finalizers_drain(napi_env env);     // of collected values. May run JS
v8::MaybeLocal<v8::Function> function_new(napi_env env, napi_callback cb, void* data);
v8::MaybeLocal<v8::FunctionTemplate> template_new(napi_env env, napi_callback cb, void* data, v8::Local<v8::Signature> signature);

// The box of an external of ours; null for another's, or for what isn't an external.
ExternalBox* external_box(napi_env env, v8::Local<v8::Value> v);

// Properties (napi_object.cc).
napi_status property_name(napi_env env, const napi_property_descriptor* p, v8::Local<v8::Name>* out);
v8::PropertyAttribute property_attributes(const napi_property_descriptor* p);

// Asynchronous parts (napi_async.cc).
void works_close(napi_env env);  // waits for running ones, cancels the others, completes all
// A call from the loop into JS: a turn of ticks and microtasks follows the outermost one.
struct AsyncFrame {
  v8::Global<v8::Value> data;  // AsyncLocalStorage's state to run in
};
void callback_enter(napi_env env, const AsyncFrame* frame, AsyncFrame* saved);
void callback_leave(napi_env env, const AsyncFrame* saved);  // may run JS

inline napi_status fail(napi_env env, napi_status status) {
  env->error.error_code = status;
  env->error.engine_error_code = 0;
  env->error.engine_reserved = nullptr;
  return status;
}
inline napi_status done(napi_env env) { return fail(env, napi_ok); }

// Stands at the top of every function that may throw: an exception of V8 becomes the env's pending one. A termination is
// passed on to the JS frames below.
class Guard {
 public:
  explicit Guard(napi_env env) : env_(env), tc_(env->iso) {}
  ~Guard() {
    if (!tc_.HasCaught()) return;
    if (tc_.HasTerminated()) {
      tc_.ReThrow();
      return;
    }
    env_->exception.Reset(env_->iso, tc_.Exception());
  }
  bool threw() const { return tc_.HasCaught(); }
  // The status after an empty result: a pending exception, or `otherwise` when V8 threw nothing.
  napi_status failed(napi_status otherwise) { return fail(env_, threw() ? napi_pending_exception : otherwise); }

 private:
  napi_env env_;
  v8::TryCatch tc_;
};

// Calls into the addon. An exception that it leaves pending goes to on_exception(Local<Value>); scopes that it left open
// are closed, or V8's stack of handles would be wrong.
template <typename Call, typename OnException>
void call_addon(napi_env env, Call&& call, OnException&& on_exception) {
  Scope* outer_floor = env->floor;
  Scope* mark = env->scopes;
  env->floor = mark;
  done(env);
  call();
  if (env->scopes != mark) env_close_scopes(env, mark);
  env->floor = outer_floor;
  if (env->exception.IsEmpty()) return;
  v8::Local<v8::Value> e = env->exception.Get(env->iso);
  env->exception.Reset();
  on_exception(e);
}
// The same from the loop, where nobody can catch.
template <typename Call>
void call_addon_top(napi_env env, Call&& call) {
  call_addon(env, std::forward<Call>(call), [env](v8::Local<v8::Value> e) { rt_uncaught(env->rt, rt_to(e)); });
}
// The same for finalizers and thread-safe functions: there an exception of an addon older than version 10 is only warned of.
template <typename Call>
void call_addon_lenient(napi_env env, Call&& call) {
  call_addon(env, std::forward<Call>(call), [env](v8::Local<v8::Value> e) {
    if (env->version >= 10 || force_uncaught) rt_uncaught(env->rt, rt_to(e));
    else warn_uncaught(env);
  });
}

}  // namespace roost_napi

// First lines of an entry point. NAPI_ENTER also refuses while an exception waits or JS can't run any more.
#define NAPI_CHECK_ENV(env) \
  do {                      \
    if ((env) == nullptr) return napi_invalid_arg; \
  } while (0)
#define NAPI_CHECK(env, condition, status) \
  do {                                     \
    if (!(condition)) return roost_napi::fail((env), (status)); \
  } while (0)
#define NAPI_CHECK_ARG(env, arg) NAPI_CHECK(env, (arg) != nullptr, napi_invalid_arg)
#define NAPI_ENTER(env)                                                          \
  NAPI_CHECK_ENV(env);                                                           \
  NAPI_CHECK(env, (env)->exception.IsEmpty(), napi_pending_exception);           \
  NAPI_CHECK(env, roost_napi::env_can_run_js(env),                               \
             (env)->version >= 10 ? napi_cannot_run_js : napi_pending_exception); \
  roost_napi::done(env);                                                         \
  roost_napi::Guard guard(env)
// As in Node the status is napi_object_expected even though V8 threw and the exception is pending too.
#define NAPI_TO_OBJECT(env, out, value)                                            \
  v8::Local<v8::Object> out;                                                       \
  if (!roost_napi::to_local(value)->ToObject((env)->ctx()).ToLocal(&out)) return roost_napi::fail(env, napi_object_expected)

#endif
