// isolate.cc: life of an isolate, its hooks, exceptions, calls from Go.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "_cgo_export.h"
#include "napi_embed.h"
#include "rt_internal.h"

using namespace v8;

namespace {

// Ends the process as an abort, past Go's signal handler, which would print its own dump.
[[noreturn]] void Die() {
  signal(SIGABRT, SIG_DFL);
  abort();
}

void OnFatal(const char* location, const char* message) {
  fprintf(stderr, "\n#\n# Fatal error in %s\n# %s\n#\n", location ? location : "V8", message ? message : "");
  fflush(stderr);
  Die();
}

void OnOOM(const char* location, const OOMDetails& details) {
  const char* what = location;
  fprintf(stderr, "\nFATAL ERROR: %s %s\n", what ? what : "",
          details.is_heap_oom ? "Allocation failed - JavaScript heap out of memory" : "Allocation failed - process out of memory");
  if (details.detail) fprintf(stderr, "Reason: %s\n", details.detail);
  fflush(stderr);
  Die();
}

void OnPromiseReject(PromiseRejectMessage message) {
  Isolate* iso = message.GetPromise()->GetIsolate();
  rt_isolate* rt = rt_from(iso);
  if (!rt || rt->callbacks[RT_CB_PROMISE_REJECT].IsEmpty()) return;
  HandleScope scope(iso);
  Local<Context> context = rt->ctx();
  Local<Value> value = message.GetEvent() == kPromiseRejectWithNoHandler || message.GetEvent() == kPromiseRejectAfterResolved ||
                               message.GetEvent() == kPromiseResolveAfterResolved
                           ? message.GetValue()
                           : Local<Value>();
  if (value.IsEmpty()) value = Undefined(iso);
  Local<Value> args[] = {Integer::New(iso, message.GetEvent()), message.GetPromise(), value};
  TryCatch tc(iso);
  Local<Value> ignored;
  // The hook is our own code; when the stack is exhausted it fails, and the rejection can't be reported. No JavaScript can run here.
  if (rt->callbacks[RT_CB_PROMISE_REJECT].Get(iso)->Call(context, Undefined(iso), 3, args).ToLocal(&ignored) || !tc.CanContinue()) return;
  Local<Message> failure = tc.Message();
  if (failure.IsEmpty()) return;
  Local<String> line;
  String::Utf8Value file(iso, failure->GetScriptResourceName());
  String::Utf8Value text(iso, failure->Get());
  fprintf(stderr, "Exception in PromiseRejectCallback:\n%s:%d\n", *file ? *file : "", failure->GetLineNumber(context).FromMaybe(0));
  if (failure->GetSourceLine(context).ToLocal(&line)) {
    String::Utf8Value source(iso, line);
    fprintf(stderr, "%s\n%*s^\n", *source ? *source : "", failure->GetStartColumn(context).FromMaybe(0), "");
  }
  fprintf(stderr, "\n%s\n\n", *text ? *text : "");
}

// With --abort-on-uncaught-exception V8 asks before it aborts.
bool OnAbortUncaught(Isolate* iso) {
  rt_isolate* rt = rt_from(iso);
  return !rt || rt->abort_on_uncaught;
}

MaybeLocal<Value> OnPrepareStack(Local<Context> context, Local<Value> error, Local<Array> sites) {
  Isolate* iso = context->GetIsolate();
  rt_isolate* rt = rt_from(iso);
  EscapableHandleScope scope(iso);
  if (rt->callbacks[RT_CB_PREPARE_STACK].IsEmpty()) {
    Local<String> out;
    if (!error->ToDetailString(context).ToLocal(&out)) return MaybeLocal<Value>();
    for (uint32_t i = 0; i < sites->Length(); i++) {
      Local<Value> site;
      Local<String> text;
      if (!sites->Get(context, i).ToLocal(&site) || !site->ToString(context).ToLocal(&text)) return MaybeLocal<Value>();
      out = String::Concat(iso, String::Concat(iso, out, rt_str(iso, "\n    at ")), text);
    }
    return scope.Escape(out);
  }
  Local<Value> args[] = {context->Global(), error, sites};
  Local<Value> result;
  if (!rt->callbacks[RT_CB_PREPARE_STACK].Get(iso)->Call(context, Undefined(iso), 3, args).ToLocal(&result)) return MaybeLocal<Value>();
  return scope.Escape(result);
}

}  // namespace

Local<String> rt_str(Isolate* iso, const char* s) { return String::NewFromUtf8(iso, s).ToLocalChecked(); }
Local<String> rt_sym(Isolate* iso, const char* s) { return String::NewFromUtf8(iso, s, NewStringType::kInternalized).ToLocalChecked(); }

static Local<Private> WhereKey(Isolate* iso) { return Private::ForApi(iso, rt_sym(iso, "roost.where")); }

void rt_remember_where(rt_isolate* rt, TryCatch& tc) {
  Isolate* iso = rt->iso;
  if (!tc.HasCaught() || tc.HasTerminated() || !tc.Exception()->IsNativeError() || tc.Message().IsEmpty()) return;
  Local<Context> context = iso->GetCurrentContext();
  Local<Object> error = tc.Exception().As<Object>();
  Local<Message> message = tc.Message();
  if (error->HasPrivate(context, WhereKey(iso)).FromMaybe(true)) return;
  TryCatch inner(iso);
  Local<String> line;
  if (!message->GetSourceLine(context).ToLocal(&line)) return;
  Local<Value> parts[] = {message->GetScriptResourceName(), Integer::New(iso, message->GetLineNumber(context).FromMaybe(0)),
                          Integer::New(iso, message->GetStartColumn(context).FromMaybe(0)),
                          Integer::New(iso, message->GetEndColumn(context).FromMaybe(0)), line};
  (void)error->SetPrivate(context, WhereKey(iso), Array::New(iso, parts, 5));
}

Local<Value> rt_where(Isolate* iso, Local<Value> error) {
  Local<Value> where;
  if (error->IsNativeError() && error.As<Object>()->GetPrivate(iso->GetCurrentContext(), WhereKey(iso)).ToLocal(&where)) return where;
  return Undefined(iso);
}

Local<String> rt_frames(Isolate* iso, Local<StackTrace> stack) {
  std::vector<uint16_t> text;
  auto add = [&](Local<String> s) {
    size_t at = text.size();
    if (!s.IsEmpty()) {
      text.resize(at + s->Length());
      s->WriteV2(iso, 0, s->Length(), text.data() + at);
    }
    text.push_back(0);
  };
  for (int i = 0; !stack.IsEmpty() && i < stack->GetFrameCount(); i++) {
    Local<StackFrame> f = stack->GetFrame(iso, i);
    add(f->GetFunctionName());
    add(f->GetScriptNameOrSourceURL());
    add(rt_str(iso, std::to_string(f->GetLineNumber()).c_str()));
    add(rt_str(iso, std::to_string(f->GetColumn()).c_str()));
  }
  Local<String> out;
  return String::NewFromTwoByte(iso, text.data(), NewStringType::kNormal, (int)text.size()).ToLocal(&out) ? out : String::Empty(iso);
}

int rt_keep_exception(rt_isolate* rt, TryCatch& tc) {
  Isolate* iso = rt->iso;
  if (rt->uncaught_pending) rt->uncaught.emplace(rt->uncaught.begin(), iso, rt->exception.Get(iso));
  rt->uncaught_pending = false;
  rt->has_exception = true;
  rt->terminated = tc.HasTerminated() || (!tc.HasCaught() && iso->IsExecutionTerminating());
  rt->exception.Reset();
  rt->message.Reset();
  if (!rt->terminated && tc.HasCaught()) {
    rt->exception.Reset(iso, tc.Exception());
    Local<Message> message = tc.Message();
    if (!message.IsEmpty()) rt->message.Reset(iso, message);
  }
  return rt->terminated ? RT_TERMINATED : RT_EXCEPTION;
}

extern "C" {

void rt_abort(void) { Die(); }

// Young array buffers, in bytes, after which the loop collects them between two callbacks: a scavenge of mostly dead objects takes a
// fraction of a millisecond.
static const size_t kYoungBuffers = 8 << 20;

static void OnCollected(Isolate* iso, GCType, GCCallbackFlags, void*) {
  if (rt_isolate* rt = rt_from(iso)) rt_collection_done(rt->allocator.get());
}

void rt_out_of_memory(void) {
  OOMDetails details;
  details.is_heap_oom = true;
  OnOOM("Reached heap limit", details);
}

rt_isolate* rt_isolate_new(const rt_isolate_options* o) {
  auto rt = new rt_isolate;
  rt->go = o->go_;
  rt->allocator.reset(rt_new_allocator());
  Isolate::CreateParams params;
  params.array_buffer_allocator_shared = rt->allocator;  // a transferred store outlives its isolate
  uint64_t physical = o->physical_bytes ? o->physical_bytes : (uint64_t)4 << 30;
  params.constraints.ConfigureDefaults(physical, 0);
  if (o->max_old_bytes) params.constraints.set_max_old_generation_size_in_bytes(o->max_old_bytes);
  if (o->max_young_bytes) params.constraints.set_max_young_generation_size_in_bytes(o->max_young_bytes);
  if (o->code_range_bytes) params.constraints.set_code_range_size_in_bytes(o->code_range_bytes);
  Isolate* iso = Isolate::Allocate();
  rt->iso = iso;
  rt->tasks = rt_tasks_new(iso, o->wake_fd);
  Isolate::Initialize(iso, params);
  iso->SetData(0, rt);
  iso->Enter();
  if (o->stack_bytes) {
    uintptr_t here = reinterpret_cast<uintptr_t>(&params);
    iso->SetStackLimit(here - o->stack_bytes);
  }
  iso->SetMicrotasksPolicy(MicrotasksPolicy::kExplicit);
  iso->SetFatalErrorHandler(OnFatal);
  iso->SetOOMErrorHandler(OnOOM);
  iso->SetPromiseRejectCallback(OnPromiseReject);
  iso->SetAbortOnUncaughtExceptionCallback(OnAbortUncaught);
  iso->SetPrepareStackTraceCallback(OnPrepareStack);
  iso->SetHostImportModuleDynamicallyCallback(rt_import_dynamically);
  iso->SetHostInitializeImportMetaObjectCallback(rt_import_meta);
  iso->SetCaptureStackTraceForUncaughtExceptions(true, 10, StackTrace::kDetailed);
  iso->SetAllowWasmCodeGenerationCallback(rt_allow_wasm);
  iso->AddGCEpilogueCallback(OnCollected, nullptr, static_cast<GCType>(kGCTypeScavenge | kGCTypeMarkSweepCompact));
  HandleScope scope(iso);
  Local<Context> context = rt_new_context(iso);
  rt->context.Reset(iso, context);
  context->Enter();
  rt_inspector_start(rt, o->context_name);
  rt_learn_types(rt);
  rt->arg_bytes.reset(new char[rt_arg_bytes]);
  rt->modules.emplace_back();
  rt->tick_store = ArrayBuffer::NewBackingStore(iso, 8);
  rt->tick_info = static_cast<uint8_t*>(rt->tick_store->Data());
  memset(rt->tick_info, 0, 8);
  rt->tick_array.Reset(iso, Uint8Array::New(ArrayBuffer::New(iso, rt->tick_store), 0, 8));
  Local<ObjectTemplate> ref = ObjectTemplate::New(iso);
  ref->SetInternalFieldCount(2);
  rt->ref_template.Reset(iso, ref);
  return rt;
}

void rt_isolate_dispose(rt_isolate* rt) {
  Isolate* iso = rt->iso;
  rt_napi_dispose(rt);  // needs the context and the task queue
  rt->disposing = true;
  {
    HandleScope inspector_scope(iso);
    rt_inspector_dispose(rt);
  }
  rt_refs_dispose(rt);
  rt_profiling_dispose(rt);
  rt_vitals_dispose(rt);
  rt_contexts_dispose(rt);
  rt_shapes_dispose(rt);
  free(rt->clone_scratch);
  rt_tasks_close(rt->tasks.get());
  {
    HandleScope scope(iso);
    for (auto& m : rt->modules) m.reset();
    for (auto& c : rt->callbacks) c.Reset();
    rt->exception.Reset();
    rt->message.Reset();
    rt->thrown.Reset();
    rt->uncaught.clear();
    rt->buffer_prototype.Reset();
    rt->ref_template.Reset();
    rt->plain_prototype.Reset();
    rt->clone_symbol.Reset();
    rt->uncloneable.Reset();
    rt->tick_array.Reset();
    rt->ctx()->Exit();
    rt->context.Reset();
  }
  rt->tick_store.reset();
  iso->Exit();
  iso->Dispose();
  free(rt->out_bytes);
  free(rt->out_slots);
  delete rt;
}

void rt_isolate_terminate(rt_isolate* rt) {
  rt->stopping.store(true);
  rt->iso->TerminateExecution();
}
void rt_isolate_cancel_terminate(rt_isolate* rt) {
  rt->stopping.store(false);
  rt->iso->CancelTerminateExecution();
}
int rt_isolate_break(rt_isolate* rt) {
  std::lock_guard<std::mutex> lock(rt->breaks);
  if (rt->breakable == 0) return 0;
  rt->broken = true;
  rt->iso->TerminateExecution();
  return 1;
}
int rt_isolate_is_terminating(rt_isolate* rt) { return rt->iso->IsExecutionTerminating(); }
void rt_request_begin(rt_isolate* rt) { rt_go_request(rt->go, 1); }
void rt_request_end(rt_isolate* rt) { rt_go_request(rt->go, -1); }

void rt_collect_garbage(rt_isolate* rt) {
  rt_collect(rt->iso, Isolate::kFullGarbageCollection);
  rt_report_dropped(rt);
}
void rt_low_memory(rt_isolate* rt) { rt->iso->LowMemoryNotification(); }

void rt_heap_statistics(rt_isolate* rt, rt_heap_stats* out) {
  HeapStatistics s;
  rt->iso->GetHeapStatistics(&s);
  out->total_heap_size = s.total_heap_size();
  out->total_heap_size_executable = s.total_heap_size_executable();
  out->total_physical_size = s.total_physical_size();
  out->total_available_size = s.total_available_size();
  out->used_heap_size = s.used_heap_size();
  out->heap_size_limit = s.heap_size_limit();
  out->malloced_memory = s.malloced_memory();
  out->peak_malloced_memory = s.peak_malloced_memory();
  out->does_zap_garbage = s.does_zap_garbage();
  out->number_of_native_contexts = s.number_of_native_contexts();
  out->number_of_detached_contexts = s.number_of_detached_contexts();
  out->total_global_handles_size = s.total_global_handles_size();
  out->used_global_handles_size = s.used_global_handles_size();
  out->external_memory = s.external_memory();
  out->array_buffers = rt_allocated(rt->allocator.get());
}

// HandleScope forbids operator new; a member of a heap object is fine as long as scopes close in order.
struct ScopeBox {
  HandleScope scope;
  explicit ScopeBox(Isolate* iso) : scope(iso) {}
};
void* rt_scope_open(rt_isolate* rt) { return new ScopeBox(rt->iso); }
void rt_scope_close(rt_isolate*, void* scope) { delete static_cast<ScopeBox*>(scope); }

struct rt_persistent {
  Global<Value> value;
};
rt_persistent* rt_persistent_new(rt_isolate* rt, rt_value v) {
  auto p = new rt_persistent;
  p->value.Reset(rt->iso, rt_local(v));
  return p;
}
rt_value rt_persistent_get(rt_isolate* rt, rt_persistent* p) { return rt_to(p->value.Get(rt->iso)); }
void rt_persistent_delete(rt_isolate*, rt_persistent* p) {
  p->value.Reset();
  delete p;
}

static void Describe(rt_isolate* rt, Local<Message> message, rt_exception* out) {
  out->line = 0;
  memset(&out->file, 0, sizeof out->file);
  memset(&out->source, 0, sizeof out->source);
  if (message.IsEmpty()) return;
  Isolate* iso = rt->iso;
  Local<Context> context = rt->ctx();
  TryCatch tc(iso);
  out->line = message->GetLineNumber(context).FromMaybe(0);
  out->start = message->GetStartColumn(context).FromMaybe(0);
  out->end = message->GetEndColumn(context).FromMaybe(0);
  Local<Value> file = message->GetScriptResourceName();
  rt->text_a.clear();
  rt->text_b.clear();
  if (!file.IsEmpty() && file->IsString()) {
    String::Utf8Value text(iso, file);
    if (*text) rt->text_a.assign(*text, text.length());
  }
  Local<String> line;
  if (message->GetSourceLine(context).ToLocal(&line)) {
    String::Utf8Value text(iso, line);
    if (*text) rt->text_b.assign(*text, text.length());
  }
  out->file.tag = out->source.tag = RT_UTF8;
  out->file.u.ptr = rt->text_a.data();
  out->file.len = rt->text_a.size();
  out->source.u.ptr = rt->text_b.data();
  out->source.len = rt->text_b.size();
}

// Makes the oldest uncaught exception the pending one, unless another is pending. True when an uncaught one is pending then.
static bool NextUncaught(rt_isolate* rt) {
  if (rt->has_exception || rt->uncaught.empty()) return rt->has_exception && rt->uncaught_pending;
  Isolate* iso = rt->iso;
  HandleScope scope(iso);
  TryCatch tc(iso);
  Local<Value> error = rt->uncaught.front().Get(iso);
  rt->uncaught.erase(rt->uncaught.begin());
  iso->ThrowException(error);
  rt_keep_exception(rt, tc);
  rt->uncaught_pending = !rt->terminated;
  return true;
}

void rt_uncaught(rt_isolate* rt, rt_value error) {
  rt->uncaught.emplace_back(rt->iso, rt_local(error));
  NextUncaught(rt);
}

int rt_exception_take(rt_isolate* rt, rt_exception* out) {
  memset(out, 0, sizeof *out);
  NextUncaught(rt);
  if (!rt->has_exception) return 0;
  rt->has_exception = rt->uncaught_pending = false;
  out->terminated = rt->terminated;
  if (rt->terminated) return 1;
  out->value = rt->exception.IsEmpty() ? rt_to(Undefined(rt->iso)) : rt_to(rt->exception.Get(rt->iso));
  Local<Message> message;
  if (!rt->message.IsEmpty()) message = rt->message.Get(rt->iso);
  rt->exception.Reset();
  rt->message.Reset();
  if (message.IsEmpty()) {
    rt->thrown.Reset();
  } else {
    rt->thrown.Reset(rt->iso, message->GetStackTrace());
  }
  Describe(rt, message, out);
  return 1;
}

void rt_exception_describe(rt_isolate* rt, rt_value error, rt_exception* out) {
  memset(out, 0, sizeof *out);
  out->value = error;
  Describe(rt, Exception::CreateMessage(rt->iso, rt_local(error)), out);
}

char* rt_scratch(rt_isolate* rt, size_t n) {
  if (n > rt->out_cap) {
    size_t cap = rt->out_cap ? rt->out_cap : 4096;
    while (cap < n) cap *= 2;
    free(rt->out_bytes);
    rt->out_bytes = static_cast<char*>(malloc(cap));
    if (!rt->out_bytes) OnFatal("rt_scratch", "out of memory");
    rt->out_cap = cap;
  }
  return rt->out_bytes;
}
rt_slot* rt_scratch_slots(rt_isolate* rt, size_t n) {
  if (n > rt->out_slots_cap) {
    size_t cap = rt->out_slots_cap ? rt->out_slots_cap : 64;
    while (cap < n) cap *= 2;
    free(rt->out_slots);
    rt->out_slots = static_cast<rt_slot*>(malloc(cap * sizeof(rt_slot)));
    if (!rt->out_slots) OnFatal("rt_scratch_slots", "out of memory");
    rt->out_slots_cap = cap;
  }
  return rt->out_slots;
}

static bool DecodeArgs(rt_isolate* rt, const rt_slot* slots, size_t n, std::vector<Local<Value>>* out) {
  size_t i = 0;
  while (i < n) {
    Local<Value> v;
    if (!rt_decode(rt, slots, n, &i).ToLocal(&v)) return false;
    out->push_back(v);
  }
  return true;
}

rt_value rt_call(rt_isolate* rt, rt_value fn, rt_value receiver, const rt_slot* slots, size_t n) {
  Isolate* iso = rt->iso;
  TryCatch tc(iso);
  std::vector<Local<Value>> args;
  args.reserve(n);
  Local<Value> result;
  Local<Value> self = receiver ? rt_local(receiver) : Undefined(iso).As<Value>();
  if (!rt_local(fn)->IsFunction()) return nullptr;
  if (!DecodeArgs(rt, slots, n, &args) ||
      !rt_local(fn).As<Function>()->Call(iso->GetCurrentContext(), self, (int)args.size(), args.data()).ToLocal(&result)) {
    rt_keep_exception(rt, tc);
    return nullptr;
  }
  return rt_to(result);
}

// V8 forgets a termination once it has unwound to an embedder's frame; an isolate that is to stop enters no JavaScript again.
static int Terminated(rt_isolate* rt) {
  rt->has_exception = rt->terminated = true;
  rt->uncaught_pending = false;
  rt->exception.Reset();
  rt->message.Reset();
  return RT_TERMINATED;
}

// Runs microtasks, then ticks, until both are empty. Node's order: ticks first when one is scheduled, because the tick hook
// itself runs microtasks between ticks.
static int Drain(rt_isolate* rt) {
  Isolate* iso = rt->iso;
  if (rt->depth > 0) return RT_OK;
  if (rt->stopping.load(std::memory_order_relaxed)) return Terminated(rt);
  if (NextUncaught(rt)) return RT_EXCEPTION;
  TryCatch tc(iso);
  for (;;) {
    if (!rt->tick_info[0]) {
      MicrotasksScope::PerformCheckpoint(iso);
      if (tc.HasCaught() || iso->IsExecutionTerminating()) return rt_keep_exception(rt, tc);
    }
    if (!rt->tick_info[0] && !rt->tick_info[1]) return RT_OK;
    if (rt->callbacks[RT_CB_TICK].IsEmpty()) return RT_OK;
    rt_enter(rt);
    Local<Value> ignored;
    bool ok = rt->callbacks[RT_CB_TICK].Get(iso)->Call(rt->ctx(), Undefined(iso), 0, nullptr).ToLocal(&ignored);
    rt_leave(rt);
    if (!ok) return rt_keep_exception(rt, tc);
  }
}

int rt_drain(rt_isolate* rt) {
  HandleScope scope(rt->iso);
  Context::Scope context(rt->ctx());
  return Drain(rt);
}

int rt_call_top(rt_isolate* rt, rt_persistent* fn, const rt_slot* slots, size_t n, rt_slot* out) {
  Isolate* iso = rt->iso;
  if (rt->stopping.load(std::memory_order_relaxed)) return Terminated(rt);
  HandleScope scope(iso);
  Local<Context> context = rt->ctx();
  Context::Scope context_scope(context);
  {
    TryCatch tc(iso);
    Local<Value> buffer[8];
    std::vector<Local<Value>> many;
    Local<Value>* argv = buffer;
    int argc = 0;
    bool ok = true;
    if (n <= 8) {
      size_t i = 0;
      while (ok && i < n) ok = rt_decode(rt, slots, n, &i).ToLocal(&buffer[argc++]);
    } else {
      ok = DecodeArgs(rt, slots, n, &many);
      argv = many.data();
      argc = (int)many.size();
    }
    Local<Value> result;
    if (ok) {
      rt_enter(rt);
      ok = fn->value.Get(iso).As<Function>()->Call(context, Undefined(iso), argc, argv).ToLocal(&result);
      rt_leave(rt);
    }
    if (!ok) return rt_keep_exception(rt, tc);
    if (out) rt_encode(rt, result, out, 0);
  }
  int status = Drain(rt);
  if (rt->depth == 0 && rt_allocated_since_collection(rt->allocator.get()) > kYoungBuffers) {
    rt_collection_done(rt->allocator.get());
    rt_collect(iso, Isolate::kMinorGarbageCollection);
  }
  return status;
}

void rt_enter(rt_isolate* rt) { rt->tick_info[2] = ++rt->depth == 1; }
void rt_leave(rt_isolate* rt) { rt->tick_info[2] = --rt->depth == 1; }
uint8_t* rt_tick_info(rt_isolate* rt) { return rt->tick_info; }

rt_value rt_get_named(rt_isolate* rt, rt_value object, const char* name, size_t n) {
  Isolate* iso = rt->iso;
  TryCatch tc(iso);
  Local<Value> v;
  Local<String> key = String::NewFromUtf8(iso, name, NewStringType::kInternalized, (int)n).ToLocalChecked();
  if (!rt_local(object)->IsObject()) return rt_to(Undefined(iso));
  if (!rt_local(object).As<Object>()->Get(iso->GetCurrentContext(), key).ToLocal(&v)) {
    rt_keep_exception(rt, tc);
    return nullptr;
  }
  return rt_to(v);
}
int rt_set_named(rt_isolate* rt, rt_value object, const char* name, size_t n, rt_value v) {
  Isolate* iso = rt->iso;
  TryCatch tc(iso);
  Local<String> key = String::NewFromUtf8(iso, name, NewStringType::kInternalized, (int)n).ToLocalChecked();
  if (rt_local(object).As<Object>()->Set(iso->GetCurrentContext(), key, rt_local(v)).FromMaybe(false)) return 1;
  rt_keep_exception(rt, tc);
  return 0;
}
rt_value rt_global(rt_isolate* rt) { return rt_to(rt->ctx()->Global()); }
rt_value rt_detail_string(rt_isolate* rt, rt_value value) {
  Isolate* iso = rt->iso;
  Local<Context> context = iso->GetCurrentContext();
  TryCatch tc(iso);
  Local<Value> v = rt_local(value), stack;
  if (v->IsObject() && v.As<Object>()->Get(context, rt_sym(iso, "stack")).ToLocal(&stack) && stack->IsString()) return rt_to(stack);
  Local<String> text;
  if (v->ToDetailString(context).ToLocal(&text)) return rt_to(text);
  return rt_to(rt_str(iso, "<error>"));
}
int rt_is_function(rt_value v) { return rt_local(v)->IsFunction(); }
int rt_promise_state(rt_isolate* rt, rt_value promise, rt_value* result) {
  Local<Value> v = rt_local(promise);
  *result = nullptr;
  if (!v->IsPromise()) return -1;
  int state = v.As<Promise>()->State();
  if (state != Promise::kPending) *result = rt_to(v.As<Promise>()->Result());
  (void)rt;
  return state;
}
uint32_t rt_array_length(rt_value v) { return rt_local(v)->IsArray() ? rt_local(v).As<Array>()->Length() : 0; }
rt_value rt_array_get(rt_isolate* rt, rt_value v, uint32_t i) {
  TryCatch tc(rt->iso);
  Local<Value> out;
  if (!rt_local(v).As<Array>()->Get(rt->iso->GetCurrentContext(), i).ToLocal(&out)) {
    rt_keep_exception(rt, tc);
    return nullptr;
  }
  return rt_to(out);
}
}
