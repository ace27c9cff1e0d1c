// napi_env.cc: envs, the last error, exceptions, instance data, cleanup hooks.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "napi_internal.h"

using namespace roost_napi;

// Freed by napi_remove_async_cleanup_hook.
struct napi_async_cleanup_hook_handle__ {
  napi_async_cleanup_hook fun;
  void* arg;
  std::shared_ptr<Anchor> anchor;
};

namespace roost_napi {
namespace {

// By napi_status. The texts are part of the API: addons print them.
const char* const kMessages[] = {
    nullptr,
    "Invalid argument",
    "An object was expected",
    "A string was expected",
    "A string or symbol was expected",
    "A function was expected",
    "A number was expected",
    "A boolean was expected",
    "An array was expected",
    "Unknown failure",
    "An exception is pending",
    "The async work item was cancelled",
    "napi_escape_handle already called on scope",
    "Invalid handle scope usage",
    "Invalid callback scope usage",
    "Thread-safe function queue is full",
    "Thread-safe function handle is closing",
    "A bigint was expected",
    "A date was expected",
    "An arraybuffer was expected",
    "A detachable arraybuffer was expected",
    "Main thread would deadlock",
    "External buffers are not allowed",
    "Cannot run JavaScript",
};
static_assert(sizeof(kMessages) / sizeof(kMessages[0]) == napi_cannot_run_js + 1, "a message for every status");

struct Posted {
  rt_isolate* rt;
  std::shared_ptr<Anchor> anchor;
  void (*run)(napi_env, void*);
  void* data;
};

void run_posted(void* p) {
  std::unique_ptr<Posted> task(static_cast<Posted*>(p));
  napi_env env = task->anchor->env;
  if (env == nullptr) {
    task->run(nullptr, task->data);
    return;
  }
  v8::HandleScope scope(env->iso);
  v8::Context::Scope context(env->ctx());
  task->run(env, task->data);
}

v8::Local<v8::Private> private_key(v8::Isolate* iso, const char* name) {
  return v8::Private::ForApi(iso, rt_sym(iso, name));
}

// How long teardown waits for asynchronous cleanup hooks to report back.
constexpr auto kAsyncCleanupLimit = std::chrono::seconds(10);

// Differs from Node: the wait has a limit, and turns only the task queue (there is no libuv loop that a hook could use).
void wait_async_hooks(napi_env env) {
  auto end = std::chrono::steady_clock::now() + kAsyncCleanupLimit;
  while (env->async_hooks_pending > 0 && std::chrono::steady_clock::now() < end) {
    rt_isolate_run_tasks(env->rt);
    if (env->async_hooks_pending > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void run_hooks(napi_env env);
void close_finalizers(napi_env env);

}  // namespace

napi_env env_new(rt_isolate* rt, int version, std::string filename) {
  auto env = new napi_env__;
  env->rt = rt;
  env->iso = rt->iso;
  env->version = version;
  env->filename = std::move(filename);
  env->anchor = std::make_shared<Anchor>();
  env->anchor->env = env;
  v8::HandleScope scope(rt->iso);
  // One key an isolate, not one an env: addons that share a native library unwrap each other's objects.
  env->wrap_key.Reset(rt->iso, private_key(rt->iso, "napi.wrap"));
  env->tag_key.Reset(rt->iso, private_key(rt->iso, "napi.type_tag"));
  return env;
}

void env_close(napi_env env) {
  works_close(env);
  run_hooks(env);
  wait_async_hooks(env);
  close_finalizers(env);
  env->anchor->env = nullptr;
  env_close_scopes(env, nullptr);
}

void env_delete(napi_env env) {
  for (ExternalBox* box : env->externals) delete box;
  while (!env->callbacks.alone()) delete static_cast<Callback*>(env->callbacks.next);
  while (!env->refs.alone()) delete static_cast<napi_ref>(env->refs.next);
  delete env;
}

namespace {

// The last hook runs first; a hook may remove or add others.
void run_hooks(napi_env env) {
  while (!env->hooks.empty()) {
    CleanupHook hook = env->hooks.back();
    env->hooks.pop_back();
    if (hook.fun != nullptr) {
      call_addon_top(env, [&] { hook.fun(hook.arg); });
      continue;
    }
    call_addon_top(env, [&] {
      hook.handle->fun(hook.handle, hook.handle->arg);
    });
  }
}

// Those with finalizers first: a finalizer may delete other references.
void close_finalizers(napi_env env) {
  finalizers_drain(env);
  while (!env->finalizing.alone()) ref_finalize(static_cast<napi_ref>(env->finalizing.next));
  finalizers_drain(env);
}

}  // namespace

bool env_can_run_js(napi_env env) { return !env->closing && !env->collecting && !env->iso->IsExecutionTerminating(); }

void env_post(rt_isolate* rt, const std::shared_ptr<Anchor>& anchor, void (*run)(napi_env, void*), void* data) {
  rt_post_foreground(rt, run_posted, new Posted{rt, anchor, run, data});
}

std::atomic<bool> force_uncaught{false};

void warn_uncaught(napi_env env) {
  static constexpr char kText[] =
      "Uncaught Node-API callback exception detected, please run node with option "
      "--force-node-api-uncaught-exceptions-policy=true to handle those exceptions properly.";
  if (!env_can_run_js(env)) return;
  v8::Local<v8::Context> context = env->ctx();
  v8::TryCatch ignore(env->iso);
  v8::Local<v8::Value> process, emit;
  if (context->Global()->Get(context, rt_sym(env->iso, "process")).ToLocal(&process) && process->IsObject() &&
      process.As<v8::Object>()->Get(context, rt_sym(env->iso, "emitWarning")).ToLocal(&emit) && emit->IsFunction()) {
    v8::Local<v8::Value> args[] = {rt_str(env->iso, kText), rt_str(env->iso, "DeprecationWarning"), rt_str(env->iso, "DEP0168")};
    v8::Local<v8::Value> unused;
    if (emit.As<v8::Function>()->Call(context, process, 3, args).ToLocal(&unused)) return;
  }
  std::fprintf(stderr, "[DEP0168] DeprecationWarning: %s\n", kText);
}

void env_close_scopes(napi_env env, Scope* floor) {
  while (env->scopes != floor && env->scopes != nullptr) {
    Scope* top = env->scopes;
    env->scopes = top->below;
    delete top;
  }
}

void env_add_hook(napi_env env, napi_cleanup_hook fun, void* arg) { env->hooks.push_back({fun, arg, nullptr}); }

bool env_remove_hook(napi_env env, napi_cleanup_hook fun, void* arg) {
  for (size_t i = env->hooks.size(); i-- > 0;) {
    if (env->hooks[i].fun != fun || env->hooks[i].arg != arg) continue;
    env->hooks.erase(env->hooks.begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }
  return false;
}

namespace {

v8::Local<v8::Value> error_of(ErrorKind kind, v8::Local<v8::String> message) {
  switch (kind) {
    case ErrorKind::kTypeError: return v8::Exception::TypeError(message);
    case ErrorKind::kRangeError: return v8::Exception::RangeError(message);
    case ErrorKind::kSyntaxError: return v8::Exception::SyntaxError(message);
    case ErrorKind::kError: break;
  }
  return v8::Exception::Error(message);
}

bool set_code(napi_env env, v8::Local<v8::Value> error, v8::Local<v8::Value> code) {
  return error.As<v8::Object>()->Set(env->ctx(), rt_sym(env->iso, "code"), code).IsJust();
}

napi_status create_error(napi_env env, ErrorKind kind, napi_value code, napi_value msg, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, msg);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> message = to_local(msg);
  NAPI_CHECK(env, message->IsString(), napi_string_expected);
  NAPI_CHECK(env, code == nullptr || to_local(code)->IsString(), napi_string_expected);
  v8::Local<v8::Value> error = error_of(kind, message.As<v8::String>());
  if (code != nullptr) {
    Guard guard(env);
    if (!set_code(env, error, to_local(code))) return guard.failed(napi_generic_failure);
  }
  *result = to_napi(error);
  return done(env);
}

napi_status throw_error(napi_env env, ErrorKind kind, const char* code, const char* msg) {
  NAPI_ENTER(env);
  v8::Local<v8::String> message;
  if (!v8::String::NewFromUtf8(env->iso, msg == nullptr ? "" : msg).ToLocal(&message)) return guard.failed(napi_generic_failure);
  v8::Local<v8::Value> error = error_of(kind, message);
  if (code != nullptr) {
    v8::Local<v8::String> text;
    if (!v8::String::NewFromUtf8(env->iso, code).ToLocal(&text)) return guard.failed(napi_generic_failure);
    if (!set_code(env, error, text)) return guard.failed(napi_generic_failure);
  }
  env->exception.Reset(env->iso, error);
  return napi_ok;
}

}  // namespace

v8::Local<v8::Value> error_new(napi_env env, ErrorKind kind, const char* code, const char* message) {
  v8::Local<v8::String> text;
  if (!v8::String::NewFromUtf8(env->iso, message).ToLocal(&text)) text = v8::String::Empty(env->iso);
  v8::Local<v8::Value> error = error_of(kind, text);
  v8::TryCatch ignore(env->iso);
  if (code != nullptr && !set_code(env, error, rt_sym(env->iso, code))) return error;
  return error;
}

}  // namespace roost_napi

// ---- towards the engine

void rt_napi_force_uncaught(int on) { roost_napi::force_uncaught = on != 0; }

napi_env rt_napi_env(rt_isolate* rt) {
  if (rt->env == nullptr) rt->env = env_new(rt, kVersion, "");
  return rt->env;
}

void rt_napi_dispose(rt_isolate* rt) {
  napi_env root = rt->env;
  if (root == nullptr) return;
  v8::HandleScope scope(rt->iso);
  v8::Context::Scope context(rt->ctx());
  std::vector<napi_env> envs = {root};
  envs.insert(envs.end(), root->addons.begin(), root->addons.end());
  for (napi_env env : envs) env->closing = true;
  for (size_t i = envs.size(); i-- > 0;) env_close(envs[i]);
  for (napi_env env : envs) env_delete(env);  // last: functions of one addon may be reached from another
  rt->env = nullptr;
}

extern "C" __attribute__((weak)) void rt_uncaught(rt_isolate* rt, rt_value error) {
  v8::HandleScope scope(rt->iso);
  if (!rt->has_exception) {
    v8::TryCatch tc(rt->iso);
    rt->iso->ThrowException(rt_local(error));
    rt_keep_exception(rt, tc);
    return;
  }
  v8::TryCatch ignore(rt->iso);
  v8::String::Utf8Value text(rt->iso, rt_local(error));
  std::fprintf(stderr, "Uncaught %s\n", *text != nullptr ? *text : "exception");
}

// ---- last error and exceptions

napi_status napi_get_last_error_info(node_api_basic_env env, const napi_extended_error_info** result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  env->error.error_message = kMessages[env->error.error_code];
  *result = &env->error;
  return napi_ok;  // asking doesn't clear it
}

napi_status napi_throw(napi_env env, napi_value error) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, error);
  env->exception.Reset(env->iso, to_local(error));
  return napi_ok;
}

napi_status napi_throw_error(napi_env env, const char* code, const char* msg) {
  return throw_error(env, ErrorKind::kError, code, msg);
}

napi_status napi_throw_type_error(napi_env env, const char* code, const char* msg) {
  return throw_error(env, ErrorKind::kTypeError, code, msg);
}

napi_status napi_throw_range_error(napi_env env, const char* code, const char* msg) {
  return throw_error(env, ErrorKind::kRangeError, code, msg);
}

napi_status node_api_throw_syntax_error(napi_env env, const char* code, const char* msg) {
  return throw_error(env, ErrorKind::kSyntaxError, code, msg);
}

napi_status napi_create_error(napi_env env, napi_value code, napi_value msg, napi_value* result) {
  return create_error(env, ErrorKind::kError, code, msg, result);
}

napi_status napi_create_type_error(napi_env env, napi_value code, napi_value msg, napi_value* result) {
  return create_error(env, ErrorKind::kTypeError, code, msg, result);
}

napi_status napi_create_range_error(napi_env env, napi_value code, napi_value msg, napi_value* result) {
  return create_error(env, ErrorKind::kRangeError, code, msg, result);
}

napi_status node_api_create_syntax_error(napi_env env, napi_value code, napi_value msg, napi_value* result) {
  return create_error(env, ErrorKind::kSyntaxError, code, msg, result);
}

napi_status napi_is_error(napi_env env, napi_value value, bool* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  *result = to_local(value)->IsNativeError();
  return done(env);
}

napi_status napi_is_exception_pending(napi_env env, bool* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  *result = !env->exception.IsEmpty();
  return done(env);
}

napi_status napi_get_and_clear_last_exception(napi_env env, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  if (env->exception.IsEmpty()) return napi_get_undefined(env, result);
  *result = to_napi(env->exception.Get(env->iso));
  env->exception.Reset();
  return done(env);
}

napi_status napi_fatal_exception(napi_env env, napi_value err) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, err);
  rt_uncaught(env->rt, err);
  return done(env);
}

void napi_fatal_error(const char* location, size_t location_len, const char* message, size_t message_len) {
  auto text = [](const char* s, size_t n) {
    if (s == nullptr) return std::string();
    return n == NAPI_AUTO_LENGTH ? std::string(s) : std::string(s, n);
  };
  std::string where = text(location, location_len);
  std::string what = text(message, message_len);
  std::fprintf(stderr, "FATAL ERROR: %s%s%s\n", where.c_str(), where.empty() ? "" : " ", what.c_str());
  std::fflush(stderr);
  std::abort();
}

// ---- instance data

napi_status napi_set_instance_data(node_api_basic_env env, void* data, napi_finalize finalize_cb, void* finalize_hint) {
  NAPI_CHECK_ENV(env);
  // The old data's finalizer doesn't run: the addon overwrote it knowingly.
  delete env->instance_data;
  env->instance_data = ref_new(env, v8::Local<v8::Value>(), 0, false, finalize_cb, data, finalize_hint);
  return done(env);
}

napi_status napi_get_instance_data(node_api_basic_env env, void** data) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, data);
  *data = env->instance_data == nullptr ? nullptr : env->instance_data->data;
  return done(env);
}

// ---- cleanup hooks

// Differs from Node: registering a pair twice, or removing one that isn't there, is an error and not an abort.
napi_status napi_add_env_cleanup_hook(node_api_basic_env env, napi_cleanup_hook fun, void* arg) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, fun);
  for (const CleanupHook& h : env->hooks) NAPI_CHECK(env, h.fun != fun || h.arg != arg, napi_invalid_arg);
  env_add_hook(env, fun, arg);
  return napi_ok;
}

napi_status napi_remove_env_cleanup_hook(node_api_basic_env env, napi_cleanup_hook fun, void* arg) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, fun);
  env_remove_hook(env, fun, arg);
  return napi_ok;
}

napi_status napi_add_async_cleanup_hook(node_api_basic_env env, napi_async_cleanup_hook hook, void* arg,
                                        napi_async_cleanup_hook_handle* remove_handle) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, hook);
  auto handle = new napi_async_cleanup_hook_handle__{hook, arg, env->anchor};
  env->hooks.push_back({nullptr, nullptr, handle});
  env->async_hooks_pending++;
  if (remove_handle != nullptr) *remove_handle = handle;
  return done(env);
}

napi_status napi_remove_async_cleanup_hook(napi_async_cleanup_hook_handle handle) {
  if (handle == nullptr) return napi_invalid_arg;
  if (napi_env env = handle->anchor->env) {
    for (size_t i = 0; i < env->hooks.size(); i++) {
      if (env->hooks[i].handle != handle) continue;
      env->hooks.erase(env->hooks.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
    env->async_hooks_pending--;
  }
  delete handle;
  return napi_ok;
}

// ---- versions, memory, scripts

napi_status napi_get_version(node_api_basic_env env, uint32_t* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  *result = kVersion;
  return done(env);
}

napi_status napi_get_node_version(node_api_basic_env env, const napi_node_version** version) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, version);
  *version = &kNodeVersion;
  return done(env);
}

napi_status napi_adjust_external_memory(node_api_basic_env env, int64_t change_in_bytes, int64_t* adjusted_value) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, adjusted_value);
  *adjusted_value = env->iso->AdjustAmountOfExternalAllocatedMemory(change_in_bytes);
  return done(env);
}

napi_status napi_run_script(napi_env env, napi_value script, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, script);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> source = to_local(script);
  NAPI_CHECK(env, source->IsString(), napi_string_expected);
  v8::Local<v8::Context> context = env->ctx();
  v8::Local<v8::Script> compiled;
  v8::Local<v8::Value> value;
  if (!v8::Script::Compile(context, source.As<v8::String>()).ToLocal(&compiled)) return guard.failed(napi_generic_failure);
  if (!compiled->Run(context).ToLocal(&value)) return guard.failed(napi_generic_failure);
  *result = to_napi(value);
  return guard.threw() ? fail(env, napi_pending_exception) : napi_ok;
}
