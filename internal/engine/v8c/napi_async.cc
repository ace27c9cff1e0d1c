// napi_async.cc: what happens later: promises, callback scopes, work on pool threads, functions called from other threads.
//
// Threads: the pool's queue is behind Pool::mu, each thread-safe function behind its own mu. Both post to the isolate while
// they hold it, so that teardown, which takes the same mutex, can't pull the isolate away under the post.
#include <pthread.h>
#include <signal.h>

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

#include "napi_internal.h"

using namespace roost_napi;

struct napi_async_context__ {
  AsyncFrame frame;
  v8::Global<v8::Object> resource;
};

struct napi_callback_scope__ {
  AsyncFrame saved;
};

struct napi_deferred__ {
  v8::Global<v8::Promise::Resolver> resolver;
};

// ---- callback scopes

namespace roost_napi {

namespace {

v8::Global<v8::Value> async_state(napi_env env) {
  return v8::Global<v8::Value>(env->iso, env->iso->GetContinuationPreservedEmbedderData());
}

void set_async_state(napi_env env, const v8::Global<v8::Value>& data) {
  v8::Local<v8::Value> v = v8::Undefined(env->iso);
  if (!data.IsEmpty()) v = data.Get(env->iso);
  env->iso->SetContinuationPreservedEmbedderData(v);
}

}  // namespace

// Differs from Node: hooks of async_hooks.createHook don't see these scopes; AsyncLocalStorage does.
void callback_enter(napi_env env, const AsyncFrame* frame, AsyncFrame* saved) {
  rt_enter(env->rt);
  saved->data = async_state(env);
  if (frame != nullptr) set_async_state(env, frame->data);
}

void callback_leave(napi_env env, const AsyncFrame* saved) {
  set_async_state(env, saved->data);
  rt_leave(env->rt);
  rt_isolate* rt = env->rt;
  if (rt->depth > 0 || env->closing) return;
  // An uncaught exception of one tick or microtask doesn't stop the others, unless nobody took it yet.
  while (!rt->has_exception && rt_drain(rt) == RT_EXCEPTION) {
    v8::HandleScope scope(rt->iso);
    rt_exception e;
    if (rt_exception_take(rt, &e) == 0 || e.value == nullptr) return;
    rt_uncaught(rt, e.value);
  }
}

}  // namespace roost_napi

napi_status napi_async_init(napi_env env, napi_value async_resource, napi_value async_resource_name, napi_async_context* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, async_resource_name);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Object> resource;
  Guard guard(env);
  if (async_resource != nullptr) {
    if (!to_local(async_resource)->ToObject(env->ctx()).ToLocal(&resource)) return fail(env, napi_object_expected);
  }
  v8::Local<v8::String> name;
  if (!to_local(async_resource_name)->ToString(env->ctx()).ToLocal(&name)) return fail(env, napi_string_expected);
  auto context = new napi_async_context__;
  context->frame.data = async_state(env);
  if (!resource.IsEmpty()) context->resource.Reset(env->iso, resource);
  *result = context;
  return done(env);
}

napi_status napi_async_destroy(napi_env env, napi_async_context async_context) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, async_context);
  delete async_context;
  return done(env);
}

napi_status napi_make_callback(napi_env env, napi_async_context async_context, napi_value recv, napi_value func, size_t argc,
                               const napi_value* argv, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, recv);
  if (argc > 0) NAPI_CHECK_ARG(env, argv);
  NAPI_TO_OBJECT(env, receiver, recv);
  NAPI_CHECK_ARG(env, func);
  NAPI_CHECK(env, to_local(func)->IsFunction() && argc <= INT_MAX, napi_invalid_arg);
  AsyncFrame saved;
  callback_enter(env, async_context == nullptr ? nullptr : &async_context->frame, &saved);
  v8::MaybeLocal<v8::Value> got =
      to_local(func).As<v8::Function>()->Call(env->ctx(), receiver, static_cast<int>(argc), to_locals(argv));
  callback_leave(env, &saved);
  v8::Local<v8::Value> value;
  if (!got.ToLocal(&value)) return guard.failed(napi_generic_failure);
  if (result != nullptr) *result = to_napi(value);
  return done(env);
}

napi_status napi_open_callback_scope(napi_env env, napi_value resource_object, napi_async_context context, napi_callback_scope* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  auto scope = new napi_callback_scope__;
  callback_enter(env, context == nullptr ? nullptr : &context->frame, &scope->saved);
  env->callback_scopes++;
  *result = scope;
  return done(env);
}

napi_status napi_close_callback_scope(napi_env env, napi_callback_scope scope) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, scope);
  NAPI_CHECK(env, env->callback_scopes > 0, napi_callback_scope_mismatch);
  env->callback_scopes--;
  std::unique_ptr<napi_callback_scope__> own(scope);
  callback_leave(env, &own->saved);
  return done(env);
}

// ---- promises

napi_status napi_create_promise(napi_env env, napi_deferred* deferred, napi_value* promise) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, deferred);
  NAPI_CHECK_ARG(env, promise);
  v8::Local<v8::Promise::Resolver> resolver;
  if (!v8::Promise::Resolver::New(env->ctx()).ToLocal(&resolver)) return guard.failed(napi_generic_failure);
  auto d = new napi_deferred__;
  d->resolver.Reset(env->iso, resolver);
  *deferred = d;
  *promise = to_napi(resolver->GetPromise());
  return done(env);
}

namespace {

napi_status settle(napi_env env, napi_deferred deferred, napi_value value, bool resolve) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, deferred);
  NAPI_CHECK_ARG(env, value);
  v8::Local<v8::Promise::Resolver> resolver = deferred->resolver.Get(env->iso);
  v8::Maybe<bool> ok = resolve ? resolver->Resolve(env->ctx(), to_local(value)) : resolver->Reject(env->ctx(), to_local(value));
  delete deferred;
  if (!ok.FromMaybe(false)) return guard.failed(napi_generic_failure);
  return done(env);
}

}  // namespace

napi_status napi_resolve_deferred(napi_env env, napi_deferred deferred, napi_value resolution) {
  return settle(env, deferred, resolution, true);
}

napi_status napi_reject_deferred(napi_env env, napi_deferred deferred, napi_value rejection) {
  return settle(env, deferred, rejection, false);
}

napi_status napi_is_promise(napi_env env, napi_value value, bool* is_promise) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, is_promise);
  *is_promise = to_local(value)->IsPromise();
  return done(env);
}

// ---- async work

struct napi_async_work__ : Link {
  enum class State { kIdle, kQueued, kRunning, kDone };
  napi_env env;                 // immutable
  rt_isolate* rt;               // immutable
  std::shared_ptr<Anchor> anchor;
  napi_async_execute_callback execute;
  napi_async_complete_callback complete;
  void* data;
  AsyncFrame frame;             // isolate's thread only
  uint64_t run = 0;             // guarded by Pool::mu; tells one queueing from the next
  State state = State::kIdle;   // guarded by Pool::mu
  bool cancelled = false;       // guarded by Pool::mu
};

namespace {

using State = napi_async_work__::State;

void work_finished(napi_env env, void* data);

// A few threads for the whole process, started with the first work, never joined: they may sit in an addon's code when the
// process ends.
class Pool {
 public:
  static Pool& get() {
    static Pool* pool = new Pool;
    return *pool;
  }

  std::mutex mu;
  std::condition_variable finished;  // some work became kDone

  // False when the work is already on its way, or no thread could be started.
  bool push(napi_async_work work) {
    std::lock_guard<std::mutex> lock(mu);
    if (work->state != State::kIdle) return false;
    if (!start_threads()) return false;
    work->state = State::kQueued;
    work->cancelled = false;
    work->run++;
    queue_.push_back(work);
    wake_.notify_one();
    return true;
  }

  // Takes a queued work back; false when a thread has it already, or it isn't queued.
  bool take(napi_async_work work, State next) {
    std::lock_guard<std::mutex> lock(mu);
    if (work->state != State::kQueued) return false;
    for (auto i = queue_.begin(); i != queue_.end(); ++i) {
      if (*i != work) continue;
      queue_.erase(i);
      break;
    }
    work->state = next;
    work->cancelled = next == State::kDone;
    return true;
  }

 private:
  // Guarded by mu. Node's variable for the number of threads is honoured.
  bool start_threads() {
    if (threads_ > 0) return true;
    int want = 4;
    if (const char* s = std::getenv("UV_THREADPOOL_SIZE")) want = std::atoi(s);
    if (want < 1) want = 1;
    if (want > 1024) want = 1024;
    // Signals are for the threads that Go knows; faults stay where they happen.
    sigset_t all, old;
    sigfillset(&all);
    for (int s : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) sigdelset(&all, s);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    for (int i = 0; i < want; i++) {
      try {
        std::thread([this] { serve(); }).detach();
        threads_++;
      } catch (const std::system_error&) {
        break;  // fewer threads are slower, not wrong
      }
    }
    pthread_sigmask(SIG_SETMASK, &old, nullptr);
    return threads_ > 0;
  }

  void serve() {
    std::unique_lock<std::mutex> lock(mu);
    for (;;) {
      wake_.wait(lock, [this] { return !queue_.empty(); });
      napi_async_work work = queue_.front();
      queue_.pop_front();
      work->state = State::kRunning;
      lock.unlock();
      work->execute(work->env, work->data);
      lock.lock();
      work->state = State::kDone;
      post(work);
      finished.notify_all();
    }
  }

 public:
  // Under mu: a post from here can't meet a closed isolate.
  static void post(napi_async_work work);

 private:
  std::deque<napi_async_work> queue_;  // guarded by mu
  std::condition_variable wake_;
  int threads_ = 0;                    // guarded by mu
};

// The work may be gone, or queued again, when its completion is delivered: teardown completes works itself.
struct Completion {
  napi_async_work work;
  uint64_t run;
};

void Pool::post(napi_async_work work) { env_post(work->rt, work->anchor, work_finished, new Completion{work, work->run}); }

// Gives the result to the addon, which may delete the work meanwhile.
void work_complete(napi_env env, napi_async_work work) {
  napi_status status;
  {
    std::lock_guard<std::mutex> lock(Pool::get().mu);
    status = work->cancelled ? napi_cancelled : napi_ok;
    work->state = State::kIdle;
  }
  work->unlink();
  rt_request_end(env->rt);
  if (work->complete == nullptr) return;
  napi_async_complete_callback complete = work->complete;
  void* data = work->data;
  v8::HandleScope scope(env->iso);
  AsyncFrame frame{v8::Global<v8::Value>(env->iso, work->frame.data)}, saved;
  callback_enter(env, &frame, &saved);
  call_addon_top(env, [&] { complete(env, status, data); });
  callback_leave(env, &saved);
}

void work_finished(napi_env env, void* data) {
  std::unique_ptr<Completion> c(static_cast<Completion*>(data));
  if (env == nullptr) return;
  // Only works of the list exist for sure.
  for (Link* l = env->works.next; l != &env->works; l = l->next) {
    auto work = static_cast<napi_async_work>(l);
    if (work != c->work) continue;
    {
      std::lock_guard<std::mutex> lock(Pool::get().mu);
      if (work->state != State::kDone || work->run != c->run) return;
    }
    work_complete(env, work);
    return;
  }
}

}  // namespace

void roost_napi::works_close(napi_env env) {
  Pool& pool = Pool::get();
  while (!env->works.alone()) {
    auto work = static_cast<napi_async_work>(env->works.next);
    if (!pool.take(work, State::kDone)) {
      std::unique_lock<std::mutex> lock(pool.mu);
      pool.finished.wait(lock, [work] { return work->state == State::kDone; });
    }
    work_complete(env, work);
  }
}

napi_status napi_create_async_work(napi_env env, napi_value async_resource, napi_value async_resource_name,
                                   napi_async_execute_callback execute, napi_async_complete_callback complete, void* data,
                                   napi_async_work* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, execute);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK_ARG(env, async_resource_name);
  Guard guard(env);
  v8::Local<v8::Object> resource;
  if (async_resource != nullptr && !to_local(async_resource)->ToObject(env->ctx()).ToLocal(&resource)) {
    return fail(env, napi_object_expected);
  }
  v8::Local<v8::String> name;
  if (!to_local(async_resource_name)->ToString(env->ctx()).ToLocal(&name)) return fail(env, napi_string_expected);
  auto work = new napi_async_work__;
  work->env = env;
  work->rt = env->rt;
  work->anchor = env->anchor;
  work->execute = execute;
  work->complete = complete;
  work->data = data;
  work->frame.data = async_state(env);
  *result = work;
  return done(env);
}

// Differs from Node: deleting a work that runs right now is an error, not a use of freed memory.
napi_status napi_delete_async_work(napi_env env, napi_async_work work) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, work);
  if (Pool::get().take(work, State::kIdle)) rt_request_end(env->rt);
  {
    std::lock_guard<std::mutex> lock(Pool::get().mu);
    NAPI_CHECK(env, work->state != State::kRunning, napi_generic_failure);
    if (work->state == State::kDone) rt_request_end(env->rt);  // its completion finds it gone
  }
  delete work;
  return done(env);
}

napi_status napi_queue_async_work(node_api_basic_env env, napi_async_work work) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, work);
  NAPI_CHECK(env, !env->closing, napi_closing);
  env->works.insert_last(work);
  rt_request_begin(env->rt);
  if (Pool::get().push(work)) return done(env);
  // Not ours to unlink when it was on its way already: it still is.
  rt_request_end(env->rt);
  std::lock_guard<std::mutex> lock(Pool::get().mu);
  if (work->state == State::kIdle) work->unlink();
  return fail(env, napi_generic_failure);
}

napi_status napi_cancel_async_work(node_api_basic_env env, napi_async_work work) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, work);
  NAPI_CHECK(env, Pool::get().take(work, State::kDone), napi_generic_failure);
  std::lock_guard<std::mutex> lock(Pool::get().mu);
  Pool::post(work);
  return done(env);
}

// ---- thread-safe functions

// Freed when it is finalized on the isolate's thread and every thread has let go of it; posted tasks share it meanwhile.
struct napi_threadsafe_function__ : std::enable_shared_from_this<napi_threadsafe_function__> {
  std::mutex mu;
  std::condition_variable room;
  std::deque<void*> queue;                              // guarded by mu
  size_t threads = 0;                                   // guarded by mu
  bool closing = false;                                 // guarded by mu
  bool posted = false;                                  // guarded by mu: a dispatch is on its way
  bool finalized = false;                               // guarded by mu
  std::shared_ptr<napi_threadsafe_function__> self;     // guarded by mu: keeps it for the threads

  size_t limit = 0;                                     // immutable; 0: no limit
  void* context = nullptr;                              // immutable
  rt_isolate* rt = nullptr;                             // immutable; used under mu while not closing
  std::shared_ptr<Anchor> anchor;                       // immutable
  std::thread::id home;                                 // immutable: the isolate's thread

  // Isolate's thread only.
  napi_env env = nullptr;
  v8::Global<v8::Function> js;
  AsyncFrame frame;
  napi_threadsafe_function_call_js call_js = nullptr;
  napi_finalize finalize = nullptr;
  void* finalize_data = nullptr;
  bool refd = false;
};

namespace {

using Tsfn = napi_threadsafe_function__;

void tsfn_run(napi_env env, void* data);

// Under mu.
void tsfn_post(Tsfn* f) {
  if (f->posted) return;
  f->posted = true;
  env_post(f->rt, f->anchor, tsfn_run, new std::shared_ptr<Tsfn>(f->shared_from_this()));
}

// Under mu. The result outlives the lock: the last owner must not free the mutex that it holds.
std::shared_ptr<Tsfn> tsfn_release_if_unused(Tsfn* f) {
  if (!f->finalized || f->threads > 0) return nullptr;
  return std::move(f->self);
}

void tsfn_set_ref(Tsfn* f, bool ref) {
  if (f->refd == ref) return;
  f->refd = ref;
  if (ref) rt_request_begin(f->rt);
  else rt_request_end(f->rt);
}

void tsfn_default_call(napi_env env, napi_value js) {
  napi_value receiver;
  if (js == nullptr || napi_get_undefined(env, &receiver) != napi_ok) return;
  napi_call_function(env, receiver, js, 0, nullptr, nullptr);
}

void tsfn_call_one(napi_env env, Tsfn* f, void* item) {
  v8::HandleScope scope(env->iso);
  AsyncFrame saved;
  callback_enter(env, &f->frame, &saved);
  call_addon_lenient(env, [&] {
    napi_value js = f->js.IsEmpty() ? nullptr : to_napi(f->js.Get(env->iso));
    if (f->call_js != nullptr) f->call_js(env, js, f->context, item);
    else tsfn_default_call(env, js);
  });
  callback_leave(env, &saved);
}

void tsfn_teardown(void* f);

// The end on the isolate's thread: what is still queued goes to the addon without an env, to be freed.
void tsfn_finish(napi_env env, Tsfn* f) {
  std::deque<void*> left;
  {
    std::lock_guard<std::mutex> lock(f->mu);
    if (f->finalized) return;
    f->closing = true;
    f->room.notify_all();
    left.swap(f->queue);
  }
  env_remove_hook(env, tsfn_teardown, f);
  tsfn_set_ref(f, false);
  v8::HandleScope scope(env->iso);
  AsyncFrame saved;
  callback_enter(env, &f->frame, &saved);
  if (f->call_js != nullptr) {
    for (void* item : left) f->call_js(nullptr, nullptr, f->context, item);
  }
  if (f->finalize != nullptr) call_addon_lenient(env, [&] { f->finalize(env, f->finalize_data, f->context); });
  callback_leave(env, &saved);
  f->js.Reset();
  f->frame.data.Reset();
  std::shared_ptr<Tsfn> last;
  std::lock_guard<std::mutex> lock(f->mu);
  f->finalized = true;
  last = tsfn_release_if_unused(f);  // destroyed after lock: the caller holds another share
}

// Items of one task, before the loop gets its turn.
constexpr int kTsfnBatch = 1000;

// One step; false when there is nothing more to do now.
bool tsfn_step(napi_env env, Tsfn* f) {
  void* item = nullptr;
  bool end = false;
  {
    std::lock_guard<std::mutex> lock(f->mu);
    if (f->finalized) return false;
    end = f->closing || (f->queue.empty() && f->threads == 0);
    if (!end) {
      if (f->queue.empty()) return false;
      item = f->queue.front();
      f->queue.pop_front();
      f->room.notify_one();
    }
  }
  if (end) {
    tsfn_finish(env, f);
    return false;
  }
  tsfn_call_one(env, f, item);
  return true;
}

void tsfn_run(napi_env env, void* data) {
  std::unique_ptr<std::shared_ptr<Tsfn>> share(static_cast<std::shared_ptr<Tsfn>*>(data));
  Tsfn* f = share->get();
  {
    std::lock_guard<std::mutex> lock(f->mu);
    f->posted = false;
  }
  if (env == nullptr) return;
  for (int i = 0; i < kTsfnBatch; i++) {
    if (!tsfn_step(env, f)) return;
  }
  std::lock_guard<std::mutex> lock(f->mu);
  if (!f->finalized) tsfn_post(f);
}

void tsfn_teardown(void* data) {
  std::shared_ptr<Tsfn> f = static_cast<Tsfn*>(data)->shared_from_this();
  tsfn_finish(f->env, f.get());
}

}  // namespace

napi_status napi_create_threadsafe_function(napi_env env, napi_value func, napi_value async_resource, napi_value async_resource_name,
                                            size_t max_queue_size, size_t initial_thread_count, void* thread_finalize_data,
                                            napi_finalize thread_finalize_cb, void* context, napi_threadsafe_function_call_js call_js_cb,
                                            napi_threadsafe_function* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, async_resource_name);
  NAPI_CHECK(env, initial_thread_count > 0, napi_invalid_arg);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK(env, !env->closing, napi_closing);
  if (func == nullptr) NAPI_CHECK_ARG(env, call_js_cb);
  else NAPI_CHECK(env, to_local(func)->IsFunction(), napi_invalid_arg);
  Guard guard(env);
  v8::Local<v8::Object> resource;
  if (async_resource != nullptr && !to_local(async_resource)->ToObject(env->ctx()).ToLocal(&resource)) {
    return fail(env, napi_object_expected);
  }
  v8::Local<v8::String> name;
  if (!to_local(async_resource_name)->ToString(env->ctx()).ToLocal(&name)) return fail(env, napi_string_expected);
  auto f = std::make_shared<Tsfn>();
  f->self = f;
  f->threads = initial_thread_count;
  f->limit = max_queue_size;
  f->context = context;
  f->rt = env->rt;
  f->anchor = env->anchor;
  f->home = std::this_thread::get_id();
  f->env = env;
  if (func != nullptr) f->js.Reset(env->iso, to_local(func).As<v8::Function>());
  f->frame.data = async_state(env);
  f->call_js = call_js_cb;
  f->finalize = thread_finalize_cb;
  f->finalize_data = thread_finalize_data;
  env_add_hook(env, tsfn_teardown, f.get());
  tsfn_set_ref(f.get(), true);
  *result = f.get();
  return done(env);
}

napi_status napi_get_threadsafe_function_context(napi_threadsafe_function func, void** result) {
  if (func == nullptr || result == nullptr) return napi_invalid_arg;
  *result = func->context;
  return napi_ok;
}

napi_status napi_call_threadsafe_function(napi_threadsafe_function func, void* data, napi_threadsafe_function_call_mode is_blocking) {
  if (func == nullptr) return napi_invalid_arg;
  std::shared_ptr<Tsfn> last;
  std::unique_lock<std::mutex> lock(func->mu);
  auto full = [func] { return func->limit > 0 && func->queue.size() >= func->limit && !func->closing; };
  if (full()) {
    if (is_blocking == napi_tsfn_nonblocking) return napi_queue_full;
    // Differs from Node: waiting on the thread that empties the queue would never end, so it is refused.
    if (std::this_thread::get_id() == func->home) return napi_would_deadlock;
    func->room.wait(lock, [&] { return !full(); });
  }
  if (!func->closing) {
    func->queue.push_back(data);
    tsfn_post(func);
    return napi_ok;
  }
  if (func->threads == 0) return napi_invalid_arg;
  func->threads--;  // this answer is the thread's release
  last = tsfn_release_if_unused(func);
  lock.unlock();
  return napi_closing;
}

napi_status napi_acquire_threadsafe_function(napi_threadsafe_function func) {
  if (func == nullptr) return napi_invalid_arg;
  std::lock_guard<std::mutex> lock(func->mu);
  if (func->closing) return napi_closing;
  func->threads++;
  return napi_ok;
}

napi_status napi_release_threadsafe_function(napi_threadsafe_function func, napi_threadsafe_function_release_mode mode) {
  if (func == nullptr) return napi_invalid_arg;
  std::shared_ptr<Tsfn> last;
  std::unique_lock<std::mutex> lock(func->mu);
  if (func->threads == 0) return napi_invalid_arg;
  func->threads--;
  if ((func->threads == 0 || mode == napi_tsfn_abort) && !func->closing) {
    if (mode == napi_tsfn_abort) {
      func->closing = true;
      func->room.notify_all();
    }
    tsfn_post(func);
  }
  last = tsfn_release_if_unused(func);
  lock.unlock();
  return napi_ok;
}

napi_status napi_unref_threadsafe_function(node_api_basic_env env, napi_threadsafe_function func) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, func);
  tsfn_set_ref(func, false);
  return napi_ok;
}

napi_status napi_ref_threadsafe_function(node_api_basic_env env, napi_threadsafe_function func) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, func);
  std::lock_guard<std::mutex> lock(func->mu);
  if (!func->finalized) tsfn_set_ref(func, true);
  return napi_ok;
}

// Differs from Node: there is no libuv here, so there is no loop to give.
napi_status napi_get_uv_event_loop(node_api_basic_env env, struct uv_loop_s** loop) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, loop);
  return fail(env, napi_generic_failure);
}
