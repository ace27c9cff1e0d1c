// natives.cc: native:engine, what builtins ask of V8 itself without passing through Go.
#include <time.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include "rt_internal.h"

using namespace v8;

namespace {

template <bool (Value::*Test)() const>
void Is(const FunctionCallbackInfo<Value>& info) {
  info.GetReturnValue().Set((*info[0]->*Test)());
}
void IsAnyArrayBuffer(const FunctionCallbackInfo<Value>& info) {
  info.GetReturnValue().Set(info[0]->IsArrayBuffer() || info[0]->IsSharedArrayBuffer());
}
void IsBoxedPrimitive(const FunctionCallbackInfo<Value>& info) {
  Local<Value> v = info[0];
  info.GetReturnValue().Set(v->IsNumberObject() || v->IsStringObject() || v->IsBooleanObject() || v->IsBigIntObject() || v->IsSymbolObject());
}

// getOwnNonIndexProperties(object, filter): 0 all, 2 only enumerable
void GetOwnNonIndexProperties(const FunctionCallbackInfo<Value>& info) {
  Local<Context> context = info.GetIsolate()->GetCurrentContext();
  if (!info[0]->IsObject() || !info[1]->IsUint32()) return;
  Local<Array> names;
  if (info[0]
          .As<Object>()
          ->GetPropertyNames(context, KeyCollectionMode::kOwnOnly, static_cast<PropertyFilter>(info[1].As<Uint32>()->Value()),
                             IndexFilter::kSkipIndices)
          .ToLocal(&names))
    info.GetReturnValue().Set(names);
}

// dateTimeConfigurationChanged(): TZ is another now; dates and Intl look it up again
void DateTimeConfigurationChanged(const FunctionCallbackInfo<Value>& info) {
  tzset();
  info.GetIsolate()->DateTimeConfigurationChangeNotification(Isolate::TimeZoneDetection::kRedetect);
}

// abortOnUncaught(on): whether --abort-on-uncaught-exception holds for this isolate
void AbortOnUncaught(const FunctionCallbackInfo<Value>& info) {
  rt_from(info.GetIsolate())->abort_on_uncaught = info[0]->IsTrue();
}

// getPromiseDetails(promise) → [state, result]; state 0 pending, 1 fulfilled, 2 rejected
void GetPromiseDetails(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsPromise()) return;
  Isolate* iso = info.GetIsolate();
  Local<Promise> p = info[0].As<Promise>();
  int state = p->State();
  Local<Value> out[] = {Integer::New(iso, state), state == Promise::kPending ? Undefined(iso).As<Value>() : p->Result()};
  info.GetReturnValue().Set(Array::New(iso, out, state == Promise::kPending ? 1 : 2));
}

// getProxyDetails(proxy) → [target, handler] | undefined
void GetProxyDetails(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsProxy()) return;
  Local<Proxy> p = info[0].As<Proxy>();
  Local<Value> out[] = {p->GetTarget(), p->GetHandler()};
  info.GetReturnValue().Set(Array::New(info.GetIsolate(), out, 2));
}

// previewEntries(object) → entries | undefined; previewEntries(object, true) → [entries, isKeyValue]
void PreviewEntries(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsObject()) return;
  Isolate* iso = info.GetIsolate();
  bool key_value = false;
  Local<Array> entries;
  if (!info[0].As<Object>()->PreviewEntries(&key_value).ToLocal(&entries)) return;
  if (info.Length() < 2) {
    info.GetReturnValue().Set(entries);
    return;
  }
  Local<Value> out[] = {entries, Boolean::New(iso, key_value)};
  info.GetReturnValue().Set(Array::New(iso, out, 2));
}

void GetConstructorName(const FunctionCallbackInfo<Value>& info) {
  if (info[0]->IsObject()) info.GetReturnValue().Set(info[0].As<Object>()->GetConstructorName());
}

// getCallSites(n) → [{functionName, scriptId, scriptName, lineNumber, columnNumber}], the caller's caller first
void GetCallSites(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  int n = info[0]->IsInt32() ? info[0].As<Int32>()->Value() : 10;
  Local<StackTrace> trace = StackTrace::CurrentStackTrace(iso, n + 1, StackTrace::kDetailed);
  std::vector<Local<Value>> out;
  for (int i = 1; i < trace->GetFrameCount(); i++) {
    Local<StackFrame> f = trace->GetFrame(iso, i);
    Local<String> name = f->GetFunctionName(), script = f->GetScriptName();
    if (name.IsEmpty()) name = String::Empty(iso);
    if (script.IsEmpty()) script = String::Empty(iso);
    Local<Object> site = Object::New(iso);
    (void)site->Set(context, rt_sym(iso, "functionName"), name);
    (void)site->Set(context, rt_sym(iso, "scriptId"), String::NewFromUtf8(iso, std::to_string(f->GetScriptId()).c_str()).ToLocalChecked());
    (void)site->Set(context, rt_sym(iso, "scriptName"), script);
    (void)site->Set(context, rt_sym(iso, "lineNumber"), Integer::New(iso, f->GetLineNumber()));
    (void)site->Set(context, rt_sym(iso, "columnNumber"), Integer::New(iso, f->GetColumn()));
    (void)site->Set(context, rt_sym(iso, "column"), Integer::New(iso, f->GetColumn()));
    out.push_back(site);
  }
  info.GetReturnValue().Set(Array::New(iso, out.data(), out.size()));
}

// whereOf(error) → [file, line, start, end, source line] of an error of compiling or linking, else undefined
void WhereOf(const FunctionCallbackInfo<Value>& info) { info.GetReturnValue().Set(rt_where(info.GetIsolate(), info[0])); }

// thrownAt() → the frames of the exception that reached the engine's edge last, as rt_frames has them
void ThrownAt(const FunctionCallbackInfo<Value>& info) {
  rt_isolate* rt = rt_from(info.GetIsolate());
  if (!rt->thrown.IsEmpty()) info.GetReturnValue().Set(rt_frames(info.GetIsolate(), rt->thrown.Get(info.GetIsolate())));
}

// glibcVersions() → [the version that runs, the version that the program was compiled against], nothing with another C library
void GlibcVersions(const FunctionCallbackInfo<Value>& info) {
#ifdef __GLIBC__
  Isolate* iso = info.GetIsolate();
  Local<Value> versions[] = {rt_str(iso, gnu_get_libc_version()),
                             rt_str(iso, (std::to_string(__GLIBC__) + "." + std::to_string(__GLIBC_MINOR__)).c_str())};
  info.GetReturnValue().Set(Array::New(iso, versions, 2));
#endif
}

// shortText(value): a value as text without running user code: "#<Object>" for objects
void ShortText(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  Local<String> out;
  if (info[0]->IsObject() && !info[0]->IsFunction() && !info[0]->IsProxy()) {
    out = String::Concat(iso, String::Concat(iso, rt_str(iso, "#<"), info[0].As<Object>()->GetConstructorName()), rt_str(iso, ">"));
  } else if (!info[0]->ToDetailString(context).ToLocal(&out)) {
    return;
  }
  info.GetReturnValue().Set(out);
}

void GetContext(const FunctionCallbackInfo<Value>& info) {
  info.GetReturnValue().Set(info.GetIsolate()->GetContinuationPreservedEmbedderData());
}
// Ends the JavaScript that called: runs a script whose first stack check throws the termination.
void Unwind(Isolate* iso) {
  iso->TerminateExecution();
  Local<Script> script;
  Local<Value> ignored;
  if (Script::Compile(iso->GetCurrentContext(), rt_str(iso, "0")).ToLocal(&script)) (void)script->Run(iso->GetCurrentContext()).ToLocal(&ignored);
}

void SetContext(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  iso->SetContinuationPreservedEmbedderData(info[0]);
  // TurboFan drops the interrupt check of the tick loop once it has inlined the callbacks: without this an endless chain of ticks could not
  // be terminated.
  if (rt_from(iso)->stopping.load(std::memory_order_relaxed)) Unwind(iso);
}

void RunMicrotasks(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  MicrotasksScope::PerformCheckpoint(iso);
  // A checkpoint swallows the termination of a job.
  if (rt_from(iso)->stopping.load(std::memory_order_relaxed)) Unwind(iso);
}
void EnqueueMicrotask(const FunctionCallbackInfo<Value>& info) {
  if (info[0]->IsFunction()) info.GetIsolate()->EnqueueMicrotask(info[0].As<Function>());
}

// setCallback(which, function): registers one of rt.h's RT_CB_* hooks
void SetCallback(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsInt32()) return;
  int which = info[0].As<Int32>()->Value();
  rt_isolate* rt = rt_from(info.GetIsolate());
  if (which < 0 || which >= RT_CB_COUNT) return;
  if (info[1]->IsFunction()) rt->callbacks[which].Reset(info.GetIsolate(), info[1].As<Function>());
  else rt->callbacks[which].Reset();
}
void SetBufferPrototype(const FunctionCallbackInfo<Value>& info) {
  if (info[0]->IsObject()) rt_from(info.GetIsolate())->buffer_prototype.Reset(info.GetIsolate(), info[0].As<Object>());
}

void CollectGarbage(const FunctionCallbackInfo<Value>& info) {
  bool minor = info[0]->IsTrue();
  rt_collect(info.GetIsolate(), minor ? Isolate::kMinorGarbageCollection : Isolate::kFullGarbageCollection);
}
void SetStackTraceLimit(const FunctionCallbackInfo<Value>& info) {
  if (info[0]->IsInt32()) info.GetIsolate()->SetCaptureStackTraceForUncaughtExceptions(true, info[0].As<Int32>()->Value());
}
void IsInsideNodeModules(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<StackTrace> trace = StackTrace::CurrentStackTrace(iso, 10, StackTrace::kScriptName);
  for (int i = 0; i < trace->GetFrameCount(); i++) {
    Local<String> script = trace->GetFrame(iso, i)->GetScriptName();
    if (script.IsEmpty() || script->Length() == 0) continue;
    String::Utf8Value text(iso, script);
    if (!*text) continue;
    std::string s(*text, text.length());
    if (s.rfind("node:", 0) == 0 || s.rfind("internal:", 0) == 0) continue;
    info.GetReturnValue().Set(s.find("/node_modules/") != std::string::npos);
    return;
  }
  info.GetReturnValue().Set(false);
}
// evaluate(source, filename): runs a classic script in the current context; its completion value
void Evaluate(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  if (!info[0]->IsString()) return;
  ScriptOrigin origin(info[1]);
  ScriptCompiler::Source source(info[0].As<String>(), origin);
  Local<Script> script;
  Local<Value> v;
  Local<Context> context = iso->GetCurrentContext();
  if (ScriptCompiler::Compile(context, &source).ToLocal(&script) && script->Run(context).ToLocal(&v)) info.GetReturnValue().Set(v);
}
// newPrivate(description): a symbol that reflection does not show is not needed by builtins; isConstructor is
void IsConstructor(const FunctionCallbackInfo<Value>& info) {
  info.GetReturnValue().Set(info[0]->IsObject() && info[0].As<Object>()->IsConstructor());
}

}  // namespace

void rt_natives_types(std::vector<rt_builtin_native>* out) {
#define TYPE(name) out->push_back({"is" #name, Is<&Value::Is##name>, true});
  TYPE(External)
  TYPE(Date)
  TYPE(ArgumentsObject)
  TYPE(BigIntObject)
  TYPE(BooleanObject)
  TYPE(NumberObject)
  TYPE(StringObject)
  TYPE(SymbolObject)
  TYPE(NativeError)
  TYPE(RegExp)
  TYPE(AsyncFunction)
  TYPE(GeneratorFunction)
  TYPE(GeneratorObject)
  TYPE(Promise)
  TYPE(Map)
  TYPE(Set)
  TYPE(MapIterator)
  TYPE(SetIterator)
  TYPE(WeakMap)
  TYPE(WeakSet)
  TYPE(ArrayBuffer)
  TYPE(DataView)
  TYPE(SharedArrayBuffer)
  TYPE(Proxy)
  TYPE(ModuleNamespaceObject)
  TYPE(ArrayBufferView)
  TYPE(TypedArray)
  TYPE(Uint8Array)
#undef TYPE
  out->push_back({"isAnyArrayBuffer", IsAnyArrayBuffer, true});
  out->push_back({"isBoxedPrimitive", IsBoxedPrimitive, true});
  out->push_back({"isConstructor", IsConstructor, true});
  out->push_back({"getOwnNonIndexProperties", GetOwnNonIndexProperties, true});
  out->push_back({"getPromiseDetails", GetPromiseDetails, true});
  out->push_back({"getProxyDetails", GetProxyDetails, true});
  out->push_back({"previewEntries", PreviewEntries, true});
  out->push_back({"getConstructorName", GetConstructorName, true});
  out->push_back({"getCallSites", GetCallSites, true});
  out->push_back({"isInsideNodeModules", IsInsideNodeModules, true});
  out->push_back({"whereOf", WhereOf, true});
  out->push_back({"thrownAt", ThrownAt, true});
  out->push_back({"glibcVersions", GlibcVersions, true});
  out->push_back({"shortText", ShortText, true});
  out->push_back({"getContext", GetContext, true});
  out->push_back({"setContext", SetContext, false});
  out->push_back({"runMicrotasks", RunMicrotasks, false});
  out->push_back({"enqueueMicrotask", EnqueueMicrotask, false});
  out->push_back({"setCallback", SetCallback, false});
  out->push_back({"setBufferPrototype", SetBufferPrototype, false});
  out->push_back({"collectGarbage", CollectGarbage, false});
  out->push_back({"setStackTraceLimit", SetStackTraceLimit, false});
  out->push_back({"evaluate", Evaluate, false});
  out->push_back({"dateTimeConfigurationChanged", DateTimeConfigurationChanged, false});
  out->push_back({"abortOnUncaught", AbortOnUncaught, false});
}

extern "C" rt_value rt_engine_natives(rt_isolate* rt) {
  Isolate* iso = rt->iso;
  Local<Context> context = rt->ctx();
  std::vector<rt_builtin_native> all;
  rt_natives_types(&all);
  rt_natives_inspector(&all);
  rt_natives_bytes(&all);
  rt_natives_outbox(&all);
  rt_natives_text(&all);
  rt_natives_file(&all);
  rt_natives_modules(&all);
  rt_natives_scripts(&all);
  rt_natives_serialize(&all);
  rt_natives_context(&all);
  rt_natives_heap(&all);
  Local<Object> o = Object::New(iso);
  for (auto& n : all) {
    Local<Function> f;
    SideEffectType effect = n.pure ? SideEffectType::kHasNoSideEffect : SideEffectType::kHasSideEffect;
    MaybeLocal<Function> made =
        n.fast ? FunctionTemplate::New(iso, n.call, Local<Value>(), Local<Signature>(), 0, ConstructorBehavior::kThrow, effect, n.fast)->GetFunction(context)
               : Function::New(context, n.call, Local<Value>(), 0, ConstructorBehavior::kThrow, effect);
    if (!made.ToLocal(&f)) continue;
    Local<String> name = rt_sym(iso, n.name);
    f->SetName(name);
    (void)o->Set(context, name, f);
  }
  (void)o->Set(context, rt_sym(iso, "tickInfo"), rt->tick_array.Get(iso));
  (void)o->Set(context, rt_sym(iso, "maxStringLength"), Integer::New(iso, String::kMaxLength));
  (void)o->Set(context, rt_sym(iso, "maxByteLength"), Number::New(iso, (double)TypedArray::kMaxByteLength));
  return rt_to(o);
}
