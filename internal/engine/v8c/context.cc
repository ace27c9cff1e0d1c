// context.cc: contexts of node:vm, and the promise hooks of async_hooks.
//
// A contextified object (the sandbox) and its context refer to each other through the JS heap alone: the sandbox has the context's global
// proxy under a private symbol, the interceptors of the global have the sandbox as their data. So both are collected together.
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

// ShouldThrowOnError in V8's own header reads its slots as another type; inlined here, GCC 12 warns of it.
#pragma GCC diagnostic ignored "-Wstrict-aliasing"
#include "_cgo_export.h"
#include "rt_internal.h"

using namespace v8;

// What this file keeps for an isolate.
struct rt_contexts {
  Global<Function> promise_hooks[4];  // by PromiseHookType
  std::vector<std::unique_ptr<MicrotaskQueue>> queues;  // of contexts with microtaskMode 'afterEvaluate'; they end with the isolate
  bool creating = false;  // V8 sets up a global: its interceptors are off
  int paused = 0;         // promise hooks are off while a builtin is loaded
};

namespace {

rt_contexts* State(rt_isolate* rt) {
  if (!rt->contexts) rt->contexts = new rt_contexts;
  return rt->contexts;
}

// ---- promise hooks ----
// The build of V8 lacks the hooks of Context::SetPromiseHooks; the isolate's hook is always there.

void OnPromise(PromiseHookType type, Local<Promise> promise, Local<Value> parent) {
  Isolate* iso = promise->GetIsolate();
  rt_isolate* rt = rt_from(iso);
  if (!rt || rt->disposing || !rt->contexts || rt->contexts->paused > 0) return;
  Global<Function>& hook = rt->contexts->promise_hooks[static_cast<int>(type)];
  if (hook.IsEmpty() || iso->IsExecutionTerminating()) return;
  HandleScope scope(iso);
  Local<Context> context = rt->ctx();
  Context::Scope context_scope(context);
  TryCatch tc(iso);  // the hook is our own and reports by itself; when the stack is exhausted the event is lost
  Local<Value> args[] = {promise, parent.IsEmpty() ? Undefined(iso).As<Value>() : parent};
  Local<Value> ignored;
  (void)hook.Get(iso)->Call(context, Undefined(iso), 2, args).ToLocal(&ignored);
}

// setPromiseHooks(init, before, after, settled): functions or undefined; without any the hooks are off
void SetPromiseHooks(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  rt_contexts* state = State(rt_from(iso));
  static const PromiseHookType order[] = {PromiseHookType::kInit, PromiseHookType::kBefore, PromiseHookType::kAfter, PromiseHookType::kResolve};
  bool any = false;
  for (int i = 0; i < 4; i++) {
    Global<Function>& hook = state->promise_hooks[static_cast<int>(order[i])];
    if (info[i]->IsFunction()) {
      hook.Reset(iso, info[i].As<Function>());
      any = true;
    } else {
      hook.Reset();
    }
  }
  iso->SetPromiseHook(any ? OnPromise : nullptr);
}

// ---- the global object of a context: reads and writes go to the sandbox first ----

// Embedder data of a context.
enum { kQueueIndex = 8, kNoWasmIndex = 9 };

Local<Private> GlobalOfSandbox(Isolate* iso) { return Private::ForApi(iso, rt_sym(iso, "roost.vm.global")); }

template <class T>
Local<Object> SandboxOf(const PropertyCallbackInfo<T>& info) {
  return info.Data().template As<Object>();
}

// The context that a contextified object has; empty when it has none.
MaybeLocal<Context> ContextOf(Isolate* iso, Local<Value> value) {
  if (!value->IsObject()) return MaybeLocal<Context>();
  Local<Value> global;
  if (!value.As<Object>()->GetPrivate(iso->GetCurrentContext(), GlobalOfSandbox(iso)).ToLocal(&global) || !global->IsObject())
    return MaybeLocal<Context>();
  return global.As<Object>()->GetCreationContext(iso);
}

Local<Object> GlobalFor(Isolate* iso, Local<Object> sandbox, Local<Context> context) {
  Local<Value> global;
  if (sandbox->GetPrivate(context, GlobalOfSandbox(iso)).ToLocal(&global) && global->IsObject()) return global.As<Object>();
  return context->Global();
}

// The interceptors take the isolate from the thread: PropertyCallbackInfo::GetIsolate breaks the compiler's aliasing rules.
bool Creating(Isolate* iso) {
  rt_isolate* rt = rt_from(iso);
  return rt->contexts && rt->contexts->creating;
}

Intercepted Getter(Local<Name> property, const PropertyCallbackInfo<Value>& info) {
  Isolate* iso = Isolate::GetCurrent();
  if (Creating(iso)) return Intercepted::kNo;
  Local<Object> sandbox = SandboxOf(info);
  Local<Context> context = iso->GetCurrentContext();
  Local<Value> value;
  if (!sandbox->GetRealNamedProperty(context, property).ToLocal(&value)) return iso->HasPendingException() ? Intercepted::kYes : Intercepted::kNo;
  if (value == sandbox) value = GlobalFor(iso, sandbox, context);
  info.GetReturnValue().Set(value);
  return Intercepted::kYes;
}

Intercepted Setter(Local<Name> property, Local<Value> value, const PropertyCallbackInfo<void>& info) {
  Isolate* iso = Isolate::GetCurrent();
  if (Creating(iso)) return Intercepted::kNo;
  Local<Object> sandbox = SandboxOf(info);
  Local<Context> context = iso->GetCurrentContext();
  Local<Object> global = GlobalFor(iso, sandbox, context);
  PropertyAttribute attributes = PropertyAttribute::None;
  bool on_sandbox = sandbox->GetRealNamedPropertyAttributes(context, property).To(&attributes);
  if (iso->HasPendingException()) return Intercepted::kYes;
  bool read_only = on_sandbox && (attributes & PropertyAttribute::ReadOnly);
  attributes = PropertyAttribute::None;
  bool on_global = global->GetRealNamedPropertyAttributes(context, property).To(&attributes);
  if (iso->HasPendingException()) return Intercepted::kYes;
  read_only = read_only || (on_global && (attributes & PropertyAttribute::ReadOnly));
  if (read_only) return Intercepted::kNo;
  // An assignment to a name that nothing declares is V8's ReferenceError in strict mode; one through this is not.
  bool contextual = info.This() != global;
  if (!on_sandbox && !on_global && info.ShouldThrowOnError() && contextual && !value->IsFunction()) return Intercepted::kNo;
  if (!on_sandbox && property->IsSymbol()) return Intercepted::kNo;  // stays on the global, as in Node
  Local<Value> descriptor;
  bool accessor = false;
  if (on_sandbox) {
    if (!sandbox->GetOwnPropertyDescriptor(context, property).ToLocal(&descriptor)) return Intercepted::kYes;
    if (descriptor->IsObject()) {
      bool has_get = descriptor.As<Object>()->HasOwnProperty(context, rt_sym(iso, "get")).FromMaybe(false);
      bool has_set = descriptor.As<Object>()->HasOwnProperty(context, rt_sym(iso, "set")).FromMaybe(false);
      accessor = has_get || has_set;
    }
  }
  if (!sandbox->Set(context, property, value).FromMaybe(false) && iso->HasPendingException()) return Intercepted::kYes;
  // What is an accessor on the sandbox must not become a value on the global. Anything else is kept there too: V8 wants its own
  // declarations to be found.
  return accessor ? Intercepted::kYes : Intercepted::kNo;
}

Intercepted Query(Local<Name> property, const PropertyCallbackInfo<Integer>& info) {
  Isolate* iso = Isolate::GetCurrent();
  if (Creating(iso)) return Intercepted::kNo;
  Local<Object> sandbox = SandboxOf(info);
  Local<Context> context = iso->GetCurrentContext();
  PropertyAttribute attributes;
  if (sandbox->HasOwnProperty(context, property).FromMaybe(false) && sandbox->GetRealNamedPropertyAttributes(context, property).To(&attributes)) {
    info.GetReturnValue().Set(static_cast<int32_t>(attributes));
    return Intercepted::kYes;
  }
  return iso->HasPendingException() ? Intercepted::kYes : Intercepted::kNo;
}

Intercepted Descriptor(Local<Name> property, const PropertyCallbackInfo<Value>& info) {
  Isolate* iso = Isolate::GetCurrent();
  if (Creating(iso)) return Intercepted::kNo;
  Local<Object> sandbox = SandboxOf(info);
  Local<Context> context = iso->GetCurrentContext();
  if (!sandbox->HasOwnProperty(context, property).FromMaybe(false)) return iso->HasPendingException() ? Intercepted::kYes : Intercepted::kNo;
  Local<Value> descriptor;
  if (sandbox->GetOwnPropertyDescriptor(context, property).ToLocal(&descriptor)) info.GetReturnValue().Set(descriptor);
  return Intercepted::kYes;
}

Intercepted Deleter(Local<Name> property, const PropertyCallbackInfo<Boolean>& info) {
  Isolate* iso = Isolate::GetCurrent();
  if (Creating(iso)) return Intercepted::kNo;
  Maybe<bool> done = SandboxOf(info)->Delete(iso->GetCurrentContext(), property);
  if (done.FromMaybe(false)) return Intercepted::kNo;  // and then from the global itself
  if (!done.IsNothing()) info.GetReturnValue().Set(false);
  return Intercepted::kYes;
}

void Enumerate(const PropertyCallbackInfo<Array>& info, IndexFilter filter, bool only_indices) {
  Isolate* iso = Isolate::GetCurrent();
  Local<Context> context = iso->GetCurrentContext();
  Local<Array> names;
  if (!SandboxOf(info)->GetPropertyNames(context, KeyCollectionMode::kOwnOnly, ALL_PROPERTIES, filter, KeyConversionMode::kKeepNumbers).ToLocal(&names))
    return;
  if (!only_indices) {
    info.GetReturnValue().Set(names);
    return;
  }
  std::vector<Local<Value>> indices;
  for (uint32_t i = 0; i < names->Length(); i++) {
    Local<Value> name;
    if (!names->Get(context, i).ToLocal(&name)) return;
    if (name->IsUint32()) indices.push_back(name);
  }
  info.GetReturnValue().Set(Array::New(iso, indices.data(), indices.size()));
}
void Enumerator(const PropertyCallbackInfo<Array>& info) { Enumerate(info, IndexFilter::kSkipIndices, false); }
void IndexEnumerator(const PropertyCallbackInfo<Array>& info) { Enumerate(info, IndexFilter::kIncludeIndices, true); }

void CopyFlags(const PropertyDescriptor& from, PropertyDescriptor* to) {
  if (from.has_enumerable()) to->set_enumerable(from.enumerable());
  if (from.has_configurable()) to->set_configurable(from.configurable());
}

Intercepted Definer(Local<Name> property, const PropertyDescriptor& desc, const PropertyCallbackInfo<void>& info) {
  Isolate* iso = Isolate::GetCurrent();
  if (Creating(iso)) return Intercepted::kNo;
  Local<Object> sandbox = SandboxOf(info);
  Local<Context> context = iso->GetCurrentContext();
  PropertyAttribute attributes = PropertyAttribute::None;
  bool own = sandbox->HasOwnProperty(context, property).FromMaybe(false);
  if (iso->HasPendingException()) return Intercepted::kYes;
  if (own) {
    (void)sandbox->GetRealNamedPropertyAttributes(context, property).To(&attributes);
    if (iso->HasPendingException()) return Intercepted::kYes;
  }
  Maybe<bool> done = Nothing<bool>();
  if (desc.has_get() || desc.has_set()) {
    PropertyDescriptor copy(desc.has_get() ? desc.get() : Undefined(iso).As<Value>(), desc.has_set() ? desc.set() : Undefined(iso).As<Value>());
    CopyFlags(desc, &copy);
    done = sandbox->DefineProperty(context, property, copy);
  } else {
    Local<Value> value = desc.has_value() ? desc.value() : Local<Value>();
    if (!desc.has_value() && !own) value = Undefined(iso);
    if (desc.has_writable()) {
      PropertyDescriptor copy(value, desc.writable());
      CopyFlags(desc, &copy);
      done = sandbox->DefineProperty(context, property, copy);
    } else if (value.IsEmpty()) {
      PropertyDescriptor copy;
      CopyFlags(desc, &copy);
      done = sandbox->DefineProperty(context, property, copy);
    } else {
      PropertyDescriptor copy(value);
      CopyFlags(desc, &copy);
      done = sandbox->DefineProperty(context, property, copy);
    }
  }
  if (iso->HasPendingException()) return Intercepted::kYes;
  if (!done.FromMaybe(true) && own && (attributes & (PropertyAttribute::ReadOnly | PropertyAttribute::DontDelete))) {
    Local<String> name;
    if (property->IsSymbol() ? !property.As<Symbol>()->Description(iso)->ToString(context).ToLocal(&name) : !property->ToString(context).ToLocal(&name))
      return Intercepted::kYes;
    iso->ThrowException(Exception::TypeError(String::Concat(iso, rt_str(iso, "Cannot redefine property: "), name)));
    return Intercepted::kYes;
  }
  return Intercepted::kNo;  // and on the global itself
}

Local<Name> NameOf(Isolate* iso, uint32_t index) { return rt_str(iso, std::to_string(index).c_str()); }

Intercepted IndexGetter(uint32_t index, const PropertyCallbackInfo<Value>& info) { return Getter(NameOf(Isolate::GetCurrent(), index), info); }
Intercepted IndexSetter(uint32_t index, Local<Value> value, const PropertyCallbackInfo<void>& info) {
  return Setter(NameOf(Isolate::GetCurrent(), index), value, info);
}
Intercepted IndexQuery(uint32_t index, const PropertyCallbackInfo<Integer>& info) { return Query(NameOf(Isolate::GetCurrent(), index), info); }
Intercepted IndexDescriptor(uint32_t index, const PropertyCallbackInfo<Value>& info) { return Descriptor(NameOf(Isolate::GetCurrent(), index), info); }
Intercepted IndexDeleter(uint32_t index, const PropertyCallbackInfo<Boolean>& info) { return Deleter(NameOf(Isolate::GetCurrent(), index), info); }
Intercepted IndexDefiner(uint32_t index, const PropertyDescriptor& desc, const PropertyCallbackInfo<void>& info) {
  return Definer(NameOf(Isolate::GetCurrent(), index), desc, info);
}

// vmCreate(sandbox | undefined, strings: boolean, wasm: boolean, ownQueue: boolean, name, origin) → the global; contextifies sandbox when there
// is one. Debuggers see name and origin.
void Create(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  rt_isolate* rt = rt_from(iso);
  Local<Context> main = rt->ctx();
  MaybeLocal<ObjectTemplate> maybe_template;
  bool contextify = info[0]->IsObject();
  if (contextify) {
    Local<ObjectTemplate> t = ObjectTemplate::New(iso);
    t->SetHandler(NamedPropertyHandlerConfiguration(Getter, Setter, Query, Deleter, Enumerator, Definer, Descriptor, info[0], PropertyHandlerFlags::kHasNoSideEffect));
    t->SetHandler(IndexedPropertyHandlerConfiguration(IndexGetter, IndexSetter, IndexQuery, IndexDeleter, IndexEnumerator, IndexDefiner, IndexDescriptor,
                                                      info[0], PropertyHandlerFlags::kHasNoSideEffect));
    maybe_template = t;
  }
  MicrotaskQueue* queue = nullptr;
  if (info[3]->IsTrue()) {
    State(rt)->queues.push_back(MicrotaskQueue::New(iso, MicrotasksPolicy::kExplicit));
    queue = State(rt)->queues.back().get();
  }
  State(rt)->creating = true;  // extensions of V8 (--expose-gc) must not write to the sandbox
  Local<Context> context = rt_new_context(iso, maybe_template, queue);
  State(rt)->creating = false;
  if (context.IsEmpty()) {
    if (!iso->HasPendingException()) iso->ThrowException(Exception::Error(rt_str(iso, "the context could not be made")));
    return;
  }
  context->SetSecurityToken(main->GetSecurityToken());
  context->SetEmbedderData(kQueueIndex, Boolean::New(iso, queue != nullptr));
  context->SetEmbedderData(kNoWasmIndex, Boolean::New(iso, info[2]->IsFalse()));
  if (info[1]->IsFalse()) {
    context->AllowCodeGenerationFromStrings(false);
    context->SetErrorMessageForCodeGenerationFromStrings(rt_str(iso, "Code generation from strings disallowed for this context"));
  }
  Local<Object> holder = contextify ? info[0].As<Object>() : context->Global();
  if (!holder->SetPrivate(main, GlobalOfSandbox(iso), context->Global()).FromMaybe(false)) return;
  auto text = [&](int k) { return info[k]->IsString() ? info[k].As<String>() : String::Empty(iso); };
  rt_inspector_context(rt, context, text(4), text(5));
  info.GetReturnValue().Set(context->Global());
}

// vmIsContext(object)
void IsContext(const FunctionCallbackInfo<Value>& info) {
  Local<Context> context;
  info.GetReturnValue().Set(ContextOf(info.GetIsolate(), info[0]).ToLocal(&context));
}

// ---- errors ----

// Puts "file:line", the source line and a caret in front of the stack of what was thrown, as Node shows it. Once for each error.
void Decorate(Isolate* iso, Local<Context> context, TryCatch* tc, int first_line, int first_column) {
  if (!tc->HasCaught() || tc->HasTerminated() || !tc->CanContinue()) return;
  Local<Value> error = tc->Exception();
  Local<Message> message = tc->Message();
  if (!error->IsObject() || message.IsEmpty()) return;
  Local<Private> mark = Private::ForApi(iso, rt_sym(iso, "roost.decorated"));
  Local<Object> object = error.As<Object>();
  TryCatch inner(iso);
  if (!error->IsNativeError() || object->HasPrivate(context, mark).FromMaybe(true)) return;
  Local<String> line;
  Local<Value> stack;
  if (!message->GetSourceLine(context).ToLocal(&line) || !object->Get(context, rt_sym(iso, "stack")).ToLocal(&stack) || !stack->IsString()) return;
  int number = message->GetLineNumber(context).FromMaybe(0);
  int start = message->GetStartColumn(context).FromMaybe(0), end = message->GetEndColumn(context).FromMaybe(0);
  if (number == first_line + 1) {
    start -= first_column;
    end -= first_column;
  }
  String::Utf8Value source(iso, line), file(iso, message->GetScriptResourceName());
  if (!*source || !*file) return;
  std::string text = std::string(*file) + ":" + std::to_string(number) + "\n" + *source + "\n";
  std::u16string units(line->Length(), 0);
  line->WriteV2(iso, 0, line->Length(), reinterpret_cast<uint16_t*>(units.data()));
  for (int i = 0; i < start && i < (int)units.size(); i++) text += units[i] == '\t' ? '\t' : ' ';
  for (int i = start; i < end && i < (int)units.size(); i++) text += '^';
  if (end <= start) text += '^';
  text += "\n";
  Local<String> head;
  if (!String::NewFromUtf8(iso, text.c_str(), NewStringType::kNormal, (int)text.size()).ToLocal(&head)) return;
  if (error->IsNativeError() && !message->IsSharedCrossOrigin()) {
    Local<String> whole = String::Concat(iso, String::Concat(iso, head, rt_str(iso, "\n")), stack.As<String>());
    if (object->Set(context, rt_sym(iso, "stack"), whole).FromMaybe(false)) (void)object->SetPrivate(context, mark, True(iso)).FromMaybe(false);
  }
}

int IntArg(const FunctionCallbackInfo<Value>& info, int i) { return i < info.Length() && info[i]->IsInt32() ? info[i].As<Int32>()->Value() : 0; }

ScriptCompiler::CachedData* CacheArg(Local<Value> v) {
  if (!v->IsArrayBufferView()) return nullptr;
  Local<ArrayBufferView> view = v.As<ArrayBufferView>();
  return new ScriptCompiler::CachedData(static_cast<const uint8_t*>(view->Buffer()->Data()) + view->ByteOffset(), (int)view->ByteLength(),
                                        ScriptCompiler::CachedData::BufferNotOwned);
}

Local<Data> HostDefined(Isolate* iso, Local<Value> v) {
  if (!v->IsSymbol()) return Local<Data>();
  Local<PrimitiveArray> a = PrimitiveArray::New(iso, 1);
  a->Set(iso, 0, v.As<Primitive>());
  return a;
}

// ---- scripts ----

Local<UnboundScript> ScriptOf(Local<Value> v) {
  if (!v->IsObject() || v.As<Object>()->InternalFieldCount() != 1) return Local<UnboundScript>();
  Local<Data> d = v.As<Object>()->GetInternalField(0);
  if (d.IsEmpty() || d->IsValue()) return Local<UnboundScript>();
  return d.As<UnboundScript>();
}

// vmCompile(source, filename, line, column, cachedData | undefined, hostDefined: symbol | undefined) → [script, rejected, sourceMapURL, sourceURL]
void Compile(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  if (!info[0]->IsString()) return;
  int line = IntArg(info, 2), column = IntArg(info, 3);
  ScriptOrigin origin(info[1], line, column, false, -1, Local<Value>(), false, false, false, HostDefined(iso, info[5]));
  ScriptCompiler::CachedData* cached = CacheArg(info[4]);
  ScriptCompiler::Source source(info[0].As<String>(), origin, cached);
  Local<UnboundScript> script;
  {
    TryCatch tc(iso);
    rt_throws_on caught(iso);
    if (!ScriptCompiler::CompileUnboundScript(iso, &source, cached ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions).ToLocal(&script)) {
      Decorate(iso, context, &tc, line, column);
      tc.ReThrow();
      return;
    }
  }
  Local<ObjectTemplate> t = ObjectTemplate::New(iso);
  t->SetInternalFieldCount(1);
  Local<Object> holder;
  if (!t->NewInstance(context).ToLocal(&holder)) return;
  holder->SetInternalField(0, script);
  Local<Value> out[] = {holder, Boolean::New(iso, cached && source.GetCachedData()->rejected), script->GetSourceMappingURL(), script->GetSourceURL()};
  info.GetReturnValue().Set(Array::New(iso, out, 4));
}

// Ends a run that takes too long. The thread touches nothing but TerminateExecution, which any thread may call.
class Watchdog {
 public:
  Watchdog(Isolate* iso, double ms) {
    if (!(ms > 0)) return;
    thread_ = std::thread([this, iso, ms] {
      std::unique_lock<std::mutex> lock(mutex_);
      if (done_.wait_for(lock, std::chrono::duration<double, std::milli>(ms), [this] { return stopped_; })) return;
      fired_ = true;
      iso->TerminateExecution();
    });
  }
  // Stops it; whether it had fired.
  bool Stop() {
    if (!thread_.joinable()) return false;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stopped_ = true;
    }
    done_.notify_one();
    thread_.join();
    return fired_;
  }
  ~Watchdog() { Stop(); }

 private:
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable done_;
  bool stopped_ = false;  // guarded by mutex_
  bool fired_ = false;    // guarded by mutex_ until the thread has ended
};

// A run that rt_isolate_break ends, while it lives.
class Breakable {
 public:
  Breakable(rt_isolate* rt, bool on) : rt_(on ? rt : nullptr) {
    if (!rt_) return;
    bool first;
    {
      std::lock_guard<std::mutex> lock(rt_->breaks);
      first = rt_->breakable++ == 0;
    }
    if (first) rt_go_breakable(rt_->go, 1);
  }
  // Whether it was ended.
  bool Stop() {
    if (!rt_) return false;
    rt_isolate* rt = rt_;
    rt_ = nullptr;
    bool last;
    {
      std::lock_guard<std::mutex> lock(rt->breaks);
      last = rt->breakable == 1;
    }
    if (last) rt_go_breakable(rt->go, 0);  // nobody breaks any more when it returns
    std::lock_guard<std::mutex> lock(rt->breaks);
    rt->breakable--;
    bool broken = rt->broken;
    rt->broken = false;
    return broken;
  }
  ~Breakable() { Stop(); }

 private:
  rt_isolate* rt_;
};

// Runs f in context with the watchdog and the context's own microtasks. Its value, or empty with an exception pending.
template <class F>
MaybeLocal<Value> Guarded(Isolate* iso, Local<Context> context, double timeout, bool breakable, bool display, int line, int column, F f) {
  EscapableHandleScope scope(iso);
  Local<Value> result;
  bool timed_out, broken;
  {
    Context::Scope context_scope(context);
    Breakable run(rt_from(iso), breakable);
    Watchdog watchdog(iso, timeout);
    TryCatch tc(iso);
    bool ok = f().ToLocal(&result);
    if (ok && context->GetNumberOfEmbedderDataFields() > kQueueIndex && context->GetEmbedderData(kQueueIndex)->IsTrue()) {
      if (MicrotaskQueue* queue = context->GetMicrotaskQueue()) queue->PerformCheckpoint(iso);
    }
    timed_out = watchdog.Stop();
    broken = run.Stop();
    if (rt_from(iso)->stopping.load()) {
      iso->TerminateExecution();
      return MaybeLocal<Value>();
    }
    if (timed_out || broken) {
      iso->CancelTerminateExecution();
      tc.Reset();
    } else if (!ok) {
      if (display) Decorate(iso, context, &tc, line, column);
      tc.ReThrow();
      return MaybeLocal<Value>();
    }
  }
  if (timed_out || broken) {
    Local<Value> error = Exception::Error(rt_str(iso, timed_out ? "Script execution timed out" : "Script execution was interrupted by `SIGINT`"));
    Local<String> code = rt_str(iso, timed_out ? "ERR_SCRIPT_EXECUTION_TIMEOUT" : "ERR_SCRIPT_EXECUTION_INTERRUPTED");
    (void)error.As<Object>()->Set(iso->GetCurrentContext(), rt_sym(iso, "code"), code).FromMaybe(false);
    iso->ThrowException(error);
    return MaybeLocal<Value>();
  }
  return scope.Escape(result);
}

double NumberArg(const FunctionCallbackInfo<Value>& info, int i) { return i < info.Length() && info[i]->IsNumber() ? info[i].As<Number>()->Value() : 0; }

// The context of argument i: the sandbox's, or the main one when it is undefined. Throws when the object has none.
bool ContextArg(const FunctionCallbackInfo<Value>& info, int i, Local<Context>* out) {
  Isolate* iso = info.GetIsolate();
  if (i >= info.Length() || info[i]->IsNullOrUndefined()) {
    *out = rt_from(iso)->ctx();
    return true;
  }
  if (ContextOf(iso, info[i]).ToLocal(out)) return true;
  if (!iso->HasPendingException()) iso->ThrowException(Exception::TypeError(rt_str(iso, "not a context")));
  return false;
}

// vmRun(script, sandbox | undefined, timeout ms or 0, displayErrors, line, column, breakOnSigint) → completion value. Runs user code.
void Run(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<UnboundScript> script = ScriptOf(info[0]);
  Local<Context> context;
  if (script.IsEmpty()) {
    iso->ThrowException(Exception::TypeError(rt_str(iso, "Illegal invocation")));
    return;
  }
  if (!ContextArg(info, 1, &context)) return;
  Local<Value> result;
  if (Guarded(iso, context, NumberArg(info, 2), info[6]->IsTrue(), info[3]->IsTrue(), IntArg(info, 4), IntArg(info, 5),
              [&] { return script->BindToCurrentContext()->Run(context); })
          .ToLocal(&result))
    info.GetReturnValue().Set(result);
}

// vmCompileFunction(source, filename, params, line, column, cachedData, hostDefined, extensions, sandbox) → [function, rejected]
void CompileFunction(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context;
  if (!info[0]->IsString() || !info[2]->IsArray() || !ContextArg(info, 8, &context)) return;
  Local<Context> current = iso->GetCurrentContext();
  std::vector<Local<String>> params;
  std::vector<Local<Object>> extensions;
  Local<Array> list = info[2].As<Array>();
  for (uint32_t i = 0; i < list->Length(); i++) {
    Local<Value> v;
    if (!list->Get(current, i).ToLocal(&v)) return;
    if (v->IsString()) params.push_back(v.As<String>());
  }
  if (info[7]->IsArray()) {
    list = info[7].As<Array>();
    for (uint32_t i = 0; i < list->Length(); i++) {
      Local<Value> v;
      if (!list->Get(current, i).ToLocal(&v)) return;
      if (v->IsObject()) extensions.push_back(v.As<Object>());
    }
  }
  int line = IntArg(info, 3), column = IntArg(info, 4);
  ScriptOrigin origin(info[1], line, column, false, -1, Local<Value>(), false, false, false, HostDefined(iso, info[6]));
  ScriptCompiler::CachedData* cached = CacheArg(info[5]);
  ScriptCompiler::Source source(info[0].As<String>(), origin, cached);
  Local<Function> fn;
  {
    Context::Scope scope(context);
    TryCatch tc(iso);
    rt_throws_on caught(iso);
    if (!ScriptCompiler::CompileFunction(context, &source, params.size(), params.data(), extensions.size(), extensions.data(),
                                         cached ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions)
             .ToLocal(&fn)) {
      Decorate(iso, context, &tc, line, column);
      tc.ReThrow();
      return;
    }
  }
  Local<Value> out[] = {fn, Boolean::New(iso, cached && source.GetCachedData()->rejected)};
  info.GetReturnValue().Set(Array::New(iso, out, 2));
}

// ---- modules in a context ----

// vmModuleInstantiate(id, sandbox | undefined)
void ModuleInstantiate(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  rt_module* m = rt_module_arg(info);
  Local<Context> context;
  if (!m || !ContextArg(info, 1, &context)) return;
  if (m->module.Get(iso)->GetStatus() == Module::kInstantiating) {
    iso->ThrowException(Exception::Error(rt_str(iso, "module is being instantiated")));
    return;
  }
  Context::Scope scope(context);
  TryCatch tc(iso);
  if (rt_module_instantiate_graph(rt_from(iso), context, m->module.Get(iso)).FromMaybe(false)) return;
  Decorate(iso, context, &tc, 0, 0);
  tc.ReThrow();
}

// vmModuleEvaluate(id, sandbox | undefined, timeout, breakOnSigint) → promise. Runs user code.
void ModuleEvaluate(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  rt_module* m = rt_module_arg(info);
  Local<Context> context;
  if (!m || !ContextArg(info, 1, &context)) return;
  Local<Module> module = m->module.Get(iso);
  if (module->GetStatus() < Module::kInstantiated || module->GetStatus() == Module::kEvaluating) {
    iso->ThrowException(Exception::Error(rt_str(iso, "module is not instantiated, or is being evaluated")));
    return;
  }
  Local<Value> result;
  if (Guarded(iso, context, NumberArg(info, 2), info[3]->IsTrue(), false, 0, 0, [&] { return module->Evaluate(context); }).ToLocal(&result)) info.GetReturnValue().Set(result);
}

}  // namespace

// V8 asks before each compilation of WebAssembly.
bool rt_allow_wasm(Local<Context> context, Local<String>) {
  rt_from(context->GetIsolate())->awaits_workers = true;
  if (context->GetNumberOfEmbedderDataFields() <= kNoWasmIndex) return true;
  return !context->GetEmbedderData(kNoWasmIndex)->IsTrue();
}

rt_promise_hooks_pause::rt_promise_hooks_pause(rt_isolate* rt) : state_(rt->contexts) {
  if (state_) state_->paused++;
}
rt_promise_hooks_pause::~rt_promise_hooks_pause() {
  if (state_) state_->paused--;
}

void rt_contexts_dispose(rt_isolate* rt) {
  if (!rt->contexts) return;
  rt->iso->SetPromiseHook(nullptr);
  // Contexts that are still there point to their queues: these stay until the process ends.
  for (auto& q : rt->contexts->queues) (void)q.release();
  delete rt->contexts;
  rt->contexts = nullptr;
}

void rt_natives_context(std::vector<rt_builtin_native>* out) {
  out->push_back({"setPromiseHooks", SetPromiseHooks, false});
  out->push_back({"vmCreate", Create, false});
  out->push_back({"vmIsContext", IsContext, true});
  out->push_back({"vmCompile", Compile, false});
  out->push_back({"vmRun", Run, false});
  out->push_back({"vmCompileFunction", CompileFunction, false});
  out->push_back({"vmModuleInstantiate", ModuleInstantiate, false});
  out->push_back({"vmModuleEvaluate", ModuleEvaluate, false});
}
