// module.cc: ES module records by id, synthetic modules, dynamic import and import.meta.
#include <cstring>

#include "rt_internal.h"

using namespace v8;

rt_module* rt_module_of(rt_isolate* rt, int id) {
  if (id <= 0 || (size_t)id >= rt->modules.size()) return nullptr;
  return rt->modules[id].get();
}

int rt_module_find(rt_isolate* rt, Local<Module> m) {
  auto range = rt->module_by_hash.equal_range(m->GetIdentityHash());
  for (auto i = range.first; i != range.second; ++i) {
    rt_module* found = rt_module_of(rt, i->second);
    if (found && found->module.Get(rt->iso) == m) return i->second;
  }
  return 0;
}

// Resolves a request to what moduleLink was told.
MaybeLocal<Module> rt_module_resolve(Local<Context> context, Local<String> specifier, Local<FixedArray> attributes, Local<Module> referrer) {
  Isolate* iso = context->GetIsolate();
  rt_isolate* rt = rt_from(iso);
  rt_module* from = rt_module_of(rt, rt_module_find(rt, referrer));
  if (from) {
    Local<FixedArray> requests = referrer->GetModuleRequests();
    for (int i = 0; i < requests->Length() && (size_t)i < from->links.size(); i++) {
      Local<ModuleRequest> request = requests->Get(context, i).As<ModuleRequest>();
      if (!request->GetSpecifier()->StringEquals(specifier)) continue;
      Local<FixedArray> has = request->GetImportAttributes();
      bool same = has->Length() == attributes->Length();
      for (int k = 0; same && k < has->Length(); k++) {
        if (k % 3 == 2) continue;  // source offset
        same = has->Get(context, k).As<Value>()->StrictEquals(attributes->Get(context, k).As<Value>());
      }
      if (!same) continue;
      rt_module* to = rt_module_of(rt, from->links[i]);
      if (to) return to->module.Get(iso);
    }
  }
  iso->ThrowException(Exception::Error(String::Concat(iso, rt_str(iso, "request for a module that is not linked: "), specifier)));
  return MaybeLocal<Module>();
}

// Links a graph. V8 calls every module's function, where a debugger may pause and ask for another graph: V8 aborts when that shares modules with the
// one that is half linked.
Maybe<bool> rt_module_instantiate_graph(rt_isolate* rt, Local<Context> context, Local<Module> module) {
  if (rt->instantiating > 0) {
    rt->iso->ThrowException(Exception::Error(rt_str(rt->iso, "modules can't be linked while others are")));
    return Nothing<bool>();
  }
  rt->instantiating++;
  Maybe<bool> done = module->InstantiateModule(context, rt_module_resolve);
  rt->instantiating--;
  return done;
}

// The module whose id is the first argument, or null with an exception.
rt_module* rt_module_arg(const FunctionCallbackInfo<Value>& info) {
  rt_isolate* rt = rt_from(info.GetIsolate());
  rt_module* m = info[0]->IsInt32() ? rt_module_of(rt, info[0].As<Int32>()->Value()) : nullptr;
  if (!m) info.GetIsolate()->ThrowException(Exception::Error(rt_str(info.GetIsolate(), "no such module")));
  return m;
}

namespace {

int Keep(rt_isolate* rt, Local<Module> m) {
  auto box = std::make_unique<rt_module>();
  box->module.Reset(rt->iso, m);
  int id = (int)rt->modules.size();
  rt->module_by_hash.emplace(m->GetIdentityHash(), id);
  rt->modules.push_back(std::move(box));
  return id;
}

Local<Data> HostDefined(Isolate* iso, Local<Value> v) {
  if (v.IsEmpty() || v->IsUndefined()) return Local<Data>();
  Local<PrimitiveArray> a = PrimitiveArray::New(iso, 1);
  a->Set(iso, 0, v.As<Primitive>());
  return a;
}

// Import attributes come as key, value, source offset triples (static) or key, value pairs (dynamic).
Local<Value> AttributesOf(Local<Context> context, Local<FixedArray> list, int step) {
  Isolate* iso = context->GetIsolate();
  if (list.IsEmpty() || list->Length() == 0) return Undefined(iso);
  Local<Object> o = Object::New(iso, Null(iso), nullptr, nullptr, 0);
  for (int i = 0; i + 1 < list->Length(); i += step) {
    Local<Value> key = list->Get(context, i).As<Value>();
    Local<Value> value = list->Get(context, i + 1).As<Value>();
    (void)o->Set(context, key, value);
  }
  return o;
}

MaybeLocal<Value> EvaluateSynthetic(Local<Context> context, Local<Module> module) {
  Isolate* iso = context->GetIsolate();
  rt_isolate* rt = rt_from(iso);
  int id = rt_module_find(rt, module);
  rt_module* m = rt_module_of(rt, id);
  if (m && !m->evaluate.IsEmpty()) {
    Local<Value> arg = Integer::New(iso, id);
    Local<Value> ignored;
    if (!m->evaluate.Get(iso)->Call(context, Undefined(iso), 1, &arg).ToLocal(&ignored)) return MaybeLocal<Value>();
    m->evaluate.Reset();
  }
  Local<Promise::Resolver> resolver;
  if (!Promise::Resolver::New(context).ToLocal(&resolver)) return MaybeLocal<Value>();
  resolver->Resolve(context, Undefined(iso)).Check();
  return resolver->GetPromise().As<Value>();
}

int Compile(rt_isolate* rt, Local<String> text, Local<Value> url, int line, int column, const uint8_t* cached, size_t ncached, bool* rejected,
            Local<Value> host) {
  Isolate* iso = rt->iso;
  ScriptOrigin origin(url, line, column, false, -1, Local<Value>(), false, false, true, HostDefined(iso, host));
  bool consume = cached && ncached;
  ScriptCompiler::Source source(
      text, origin,
      consume ? new ScriptCompiler::CachedData(cached, (int)ncached, ScriptCompiler::CachedData::BufferNotOwned) : nullptr);
  Local<Module> m;
  TryCatch tc(iso);
  rt_throws_on caught(iso);
  if (!ScriptCompiler::CompileModule(iso, &source, consume ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions).ToLocal(&m)) {
    rt_remember_where(rt, tc);
    tc.ReThrow();
    return 0;
  }
  if (rejected) *rejected = consume && source.GetCachedData()->rejected;
  return Keep(rt, m);
}

int Synthetic(rt_isolate* rt, Local<String> url, Local<Array> names, Local<Value> evaluate) {
  Isolate* iso = rt->iso;
  std::vector<Local<String>> list;
  for (uint32_t i = 0; i < names->Length(); i++) {
    Local<Value> v;
    if (!names->Get(iso->GetCurrentContext(), i).ToLocal(&v)) return 0;
    if (v->IsString()) list.push_back(v.As<String>());
  }
  Local<Module> m = Module::CreateSyntheticModule(iso, url, MemorySpan<const Local<String>>(list.data(), list.size()), EvaluateSynthetic);
  int id = Keep(rt, m);
  rt->modules[id]->synthetic = true;
  if (!evaluate.IsEmpty() && evaluate->IsFunction()) rt->modules[id]->evaluate.Reset(iso, evaluate.As<Function>());
  return id;
}

Local<Value> Requests(rt_isolate* rt, rt_module* m) {
  Isolate* iso = rt->iso;
  Local<Context> context = iso->GetCurrentContext();
  Local<Module> module = m->module.Get(iso);
  if (!module->IsSourceTextModule()) return Array::New(iso, 0);
  Local<FixedArray> requests = module->GetModuleRequests();
  std::vector<Local<Value>> out;
  for (int i = 0; i < requests->Length(); i++) {
    Local<ModuleRequest> r = requests->Get(context, i).As<ModuleRequest>();
    Location at = module->SourceOffsetToLocation(r->GetSourceOffset());
    out.push_back(r->GetSpecifier());
    out.push_back(AttributesOf(context, r->GetImportAttributes(), 3));
    out.push_back(Integer::New(iso, at.GetLineNumber()));
    out.push_back(Integer::New(iso, at.GetColumnNumber()));
  }
  return Array::New(iso, out.data(), out.size());
}

void Link(rt_module* m, std::vector<int> ids) { m->links = std::move(ids); }

// ---- natives of native:engine; id is the first argument of all but the makers ----

// moduleCompile(source, url, line, column, cachedData?, hostDefined?) → id; negative when the cached data was refused
void NCompile(const FunctionCallbackInfo<Value>& info) {
  rt_isolate* rt = rt_from(info.GetIsolate());
  if (!info[0]->IsString()) return;
  const uint8_t* p = nullptr;
  size_t n = 0;
  if (info.Length() > 4 && info[4]->IsArrayBufferView()) {
    Local<ArrayBufferView> view = info[4].As<ArrayBufferView>();
    n = view->ByteLength();
    p = static_cast<const uint8_t*>(view->Buffer()->Data()) + view->ByteOffset();
  }
  bool rejected = false;
  int line = info[2]->IsInt32() ? info[2].As<Int32>()->Value() : 0, column = info[3]->IsInt32() ? info[3].As<Int32>()->Value() : 0;
  int id = Compile(rt, info[0].As<String>(), info[1], line, column, p, n, &rejected, info.Length() > 5 ? info[5] : Local<Value>());
  if (id) info.GetReturnValue().Set(rejected ? -id : id);
}
// moduleSynthetic(url, names: string[], evaluate?: (id) => void) → id
void NSynthetic(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsString() || !info[1]->IsArray()) return;
  info.GetReturnValue().Set(Synthetic(rt_from(info.GetIsolate()), info[0].As<String>(), info[1].As<Array>(), info[2]));
}
void NSetExport(const FunctionCallbackInfo<Value>& info) {
  rt_module* m = rt_module_arg(info);
  if (!m || !info[1]->IsString() || !m->synthetic) return;
  (void)m->module.Get(info.GetIsolate())->SetSyntheticModuleExport(info.GetIsolate(), info[1].As<String>(), info[2]);
}
// moduleRequests(id) → [specifier, attributes | undefined, line0, column0, ...]
void NRequests(const FunctionCallbackInfo<Value>& info) {
  if (rt_module* m = rt_module_arg(info)) info.GetReturnValue().Set(Requests(rt_from(info.GetIsolate()), m));
}
// moduleLink(id, ids: number[])
void NLink(const FunctionCallbackInfo<Value>& info) {
  rt_module* m = rt_module_arg(info);
  if (!m || !info[1]->IsArray()) return;
  Local<Array> a = info[1].As<Array>();
  std::vector<int> ids;
  for (uint32_t i = 0; i < a->Length(); i++) {
    Local<Value> v;
    if (!a->Get(info.GetIsolate()->GetCurrentContext(), i).ToLocal(&v)) return;
    ids.push_back(v->IsInt32() ? v.As<Int32>()->Value() : 0);
  }
  Link(m, std::move(ids));
}
void NInstantiate(const FunctionCallbackInfo<Value>& info) {
  rt_module* m = rt_module_arg(info);
  if (!m) return;
  rt_isolate* rt = rt_from(info.GetIsolate());
  TryCatch tc(rt->iso);
  if (rt_module_instantiate_graph(rt, rt->iso->GetCurrentContext(), m->module.Get(rt->iso)).FromMaybe(false)) return;
  rt_remember_where(rt, tc);
  tc.ReThrow();
}
void NEvaluate(const FunctionCallbackInfo<Value>& info) {
  rt_module* m = rt_module_arg(info);
  if (!m) return;
  Local<Module> module = m->module.Get(info.GetIsolate());
  Module::Status status = module->GetStatus();
  if (status < Module::kInstantiated || status == Module::kEvaluating) {  // V8 aborts on both
    info.GetIsolate()->ThrowException(Exception::Error(
        rt_str(info.GetIsolate(), status == Module::kEvaluating ? "module is being evaluated" : "module is not instantiated")));
    return;
  }
  Local<Value> v;
  if (module->Evaluate(info.GetIsolate()->GetCurrentContext()).ToLocal(&v)) info.GetReturnValue().Set(v);
}
void NNamespace(const FunctionCallbackInfo<Value>& info) {
  rt_module* m = rt_module_arg(info);
  if (!m) return;
  Local<Module> module = m->module.Get(info.GetIsolate());
  if (module->GetStatus() < Module::kInstantiated) {
    info.GetIsolate()->ThrowException(Exception::Error(rt_str(info.GetIsolate(), "module is not instantiated")));
    return;
  }
  info.GetReturnValue().Set(module->GetModuleNamespace());
}
// 0 uninstantiated, 1 instantiating, 2 instantiated, 3 evaluating, 4 evaluated, 5 errored
void NStatus(const FunctionCallbackInfo<Value>& info) {
  if (rt_module* m = rt_module_arg(info)) info.GetReturnValue().Set((int)m->module.Get(info.GetIsolate())->GetStatus());
}
void NError(const FunctionCallbackInfo<Value>& info) {
  rt_module* m = rt_module_arg(info);
  if (!m) return;
  Local<Module> module = m->module.Get(info.GetIsolate());
  if (module->GetStatus() == Module::kErrored) info.GetReturnValue().Set(module->GetException());
}
void NIsAsync(const FunctionCallbackInfo<Value>& info) {
  rt_module* m = rt_module_arg(info);
  if (!m) return;
  Local<Module> module = m->module.Get(info.GetIsolate());
  if (module->GetStatus() >= Module::kInstantiated) info.GetReturnValue().Set(module->IsGraphAsync());
}
void NHasTopLevelAwait(const FunctionCallbackInfo<Value>& info) {
  rt_module* m = rt_module_arg(info);
  if (!m) return;
  Local<Module> module = m->module.Get(info.GetIsolate());
  info.GetReturnValue().Set(module->IsSourceTextModule() && module->HasTopLevelAwait());
}
void NCodeCache(const FunctionCallbackInfo<Value>& info) {
  rt_module* m = rt_module_arg(info);
  if (!m) return;
  Local<Module> module = m->module.Get(info.GetIsolate());
  if (!module->IsSourceTextModule()) return;
  std::unique_ptr<ScriptCompiler::CachedData> data(ScriptCompiler::CreateCodeCache(module->GetUnboundModuleScript()));
  if (data) info.GetReturnValue().Set(rt_make_bytes(rt_from(info.GetIsolate()), reinterpret_cast<const char*>(data->data), data->length, true));
}
// moduleStalled(id) → [message, ...] of the top-level awaits that never settle
void NStalled(const FunctionCallbackInfo<Value>& info) {
  rt_module* m = rt_module_arg(info);
  if (!m) return;
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  auto stalled = m->module.Get(iso)->GetStalledTopLevelAwaitMessages(iso);
  std::vector<Local<Value>> out;
  for (Local<Message> message : stalled.second) {
    Local<String> line;
    if (!message->GetSourceLine(context).ToLocal(&line)) line = String::Empty(iso);
    out.push_back(message->GetScriptResourceName());
    out.push_back(Integer::New(iso, message->GetLineNumber(context).FromMaybe(0)));
    out.push_back(Integer::New(iso, message->GetStartColumn(context).FromMaybe(0)));
    out.push_back(line);
  }
  info.GetReturnValue().Set(Array::New(iso, out.data(), out.size()));
}
void NRelease(const FunctionCallbackInfo<Value>& info) {
  if (info[0]->IsInt32()) rt_module_release(rt_from(info.GetIsolate()), info[0].As<Int32>()->Value());
}

}  // namespace

MaybeLocal<Promise> rt_import_dynamically(Local<Context> context, Local<Data> host, Local<Value> resource, Local<String> specifier,
                                          Local<FixedArray> attributes) {
  Isolate* iso = context->GetIsolate();
  rt_isolate* rt = rt_from(iso);
  EscapableHandleScope scope(iso);
  Local<Promise::Resolver> resolver;
  if (!Promise::Resolver::New(context).ToLocal(&resolver)) return MaybeLocal<Promise>();
  TryCatch tc(iso);
  Local<Value> result;
  if (rt->callbacks[RT_CB_IMPORT_DYNAMIC].IsEmpty()) {
    resolver->Reject(context, Exception::TypeError(rt_str(iso, "A dynamic import callback was not specified."))).Check();
    return scope.Escape(resolver->GetPromise());
  }
  Local<Value> id = Undefined(iso);
  if (!host.IsEmpty() && host->IsFixedArray()) {
    Local<PrimitiveArray> a = host.As<PrimitiveArray>();
    if (a->Length() > 0) id = a->Get(iso, 0);
  }
  Local<Value> args[] = {id, resource, specifier, AttributesOf(context, attributes, 2)};
  if (!rt->callbacks[RT_CB_IMPORT_DYNAMIC].Get(iso)->Call(context, Undefined(iso), 4, args).ToLocal(&result)) {
    if (tc.HasTerminated() || !tc.CanContinue()) {
      tc.ReThrow();
      return MaybeLocal<Promise>();
    }
    Local<Value> error = tc.Exception();
    tc.Reset();
    if (!resolver->Reject(context, error).FromMaybe(false)) return MaybeLocal<Promise>();
    return scope.Escape(resolver->GetPromise());
  }
  // A context gets a promise of its own realm, so that `instanceof Promise` holds there.
  if (result->IsPromise() && context == rt->context.Get(iso)) return scope.Escape(result.As<Promise>());
  if (!resolver->Resolve(context, result).FromMaybe(false)) return MaybeLocal<Promise>();
  return scope.Escape(resolver->GetPromise());
}

void rt_import_meta(Local<Context> context, Local<Module> module, Local<Object> meta) {
  Isolate* iso = context->GetIsolate();
  rt_isolate* rt = rt_from(iso);
  if (rt->callbacks[RT_CB_IMPORT_META].IsEmpty()) return;
  HandleScope scope(iso);
  TryCatch tc(iso);
  Local<Value> args[] = {Integer::New(iso, rt_module_find(rt, module)), meta};
  Local<Value> ignored;
  // A failure leaves import.meta empty: V8 takes no exception here.
  (void)rt->callbacks[RT_CB_IMPORT_META].Get(iso)->Call(context, Undefined(iso), 2, args).ToLocal(&ignored);
}

void rt_natives_modules(std::vector<rt_builtin_native>* out) {
  out->push_back({"moduleCompile", NCompile, false});
  out->push_back({"moduleSynthetic", NSynthetic, false});
  out->push_back({"moduleSetExport", NSetExport, false});
  out->push_back({"moduleRequests", NRequests, true});
  out->push_back({"moduleLink", NLink, false});
  out->push_back({"moduleInstantiate", NInstantiate, false});
  out->push_back({"moduleEvaluate", NEvaluate, false});
  out->push_back({"moduleNamespace", NNamespace, true});
  out->push_back({"moduleStatus", NStatus, true});
  out->push_back({"moduleError", NError, true});
  out->push_back({"moduleIsAsync", NIsAsync, true});
  out->push_back({"moduleHasTopLevelAwait", NHasTopLevelAwait, true});
  out->push_back({"moduleCodeCache", NCodeCache, false});
  out->push_back({"moduleStalled", NStalled, true});
  out->push_back({"moduleRelease", NRelease, false});
}

extern "C" {

int rt_module_compile(rt_isolate* rt, rt_value source, rt_value url, int line, int column, const uint8_t* cached, size_t ncached, int* rejected,
                      rt_value host) {
  TryCatch tc(rt->iso);
  bool refused = false;
  int id = Compile(rt, rt_local(source).As<String>(), rt_local(url), line, column, cached, ncached, &refused,
                   host ? rt_local(host) : Local<Value>());
  if (!id) rt_keep_exception(rt, tc);
  if (rejected) *rejected = refused;
  return id;
}
int rt_module_synthetic(rt_isolate* rt, rt_value url, rt_value names, rt_value evaluate) {
  return Synthetic(rt, rt_local(url).As<String>(), rt_local(names).As<Array>(), evaluate ? rt_local(evaluate) : Local<Value>());
}
int rt_module_set_export(rt_isolate* rt, int id, rt_value name, rt_value v) {
  rt_module* m = rt_module_of(rt, id);
  if (!m || !m->synthetic) return 0;
  TryCatch tc(rt->iso);
  if (m->module.Get(rt->iso)->SetSyntheticModuleExport(rt->iso, rt_local(name).As<String>(), rt_local(v)).FromMaybe(false)) return 1;
  rt_keep_exception(rt, tc);
  return 0;
}
rt_value rt_module_requests(rt_isolate* rt, int id) { return rt_to(Requests(rt, rt_module_of(rt, id))); }
int rt_module_request_count(rt_isolate* rt, int id) {
  rt_module* m = rt_module_of(rt, id);
  Local<Module> module = m->module.Get(rt->iso);
  return module->IsSourceTextModule() ? module->GetModuleRequests()->Length() : 0;
}
size_t rt_module_request(rt_isolate* rt, int id, int i, char* out, size_t cap) {
  rt_module* m = rt_module_of(rt, id);
  Local<ModuleRequest> r = m->module.Get(rt->iso)->GetModuleRequests()->Get(rt->iso->GetCurrentContext(), i).As<ModuleRequest>();
  return r->GetSpecifier()->WriteUtf8V2(rt->iso, out, cap, String::WriteFlags::kReplaceInvalidUtf8);
}
int rt_module_link(rt_isolate* rt, int id, const int* ids, size_t n) {
  rt_module* m = rt_module_of(rt, id);
  if (!m) return 0;
  Link(m, std::vector<int>(ids, ids + n));
  return 1;
}
int rt_module_instantiate(rt_isolate* rt, int id) {
  rt_module* m = rt_module_of(rt, id);
  TryCatch tc(rt->iso);
  if (rt_module_instantiate_graph(rt, rt->iso->GetCurrentContext(), m->module.Get(rt->iso)).FromMaybe(false)) return 1;
  rt_keep_exception(rt, tc);
  return 0;
}
// Only builtins are evaluated from Go.
rt_value rt_module_evaluate(rt_isolate* rt, int id) {
  rt_promise_hooks_pause pause(rt);
  rt_module* m = rt_module_of(rt, id);
  TryCatch tc(rt->iso);
  Local<Value> v;
  if (m->module.Get(rt->iso)->Evaluate(rt->iso->GetCurrentContext()).ToLocal(&v)) return rt_to(v);
  rt_keep_exception(rt, tc);
  return nullptr;
}
rt_value rt_module_namespace(rt_isolate* rt, int id) { return rt_to(rt_module_of(rt, id)->module.Get(rt->iso)->GetModuleNamespace()); }
int rt_module_status(rt_isolate* rt, int id) { return (int)rt_module_of(rt, id)->module.Get(rt->iso)->GetStatus(); }
rt_value rt_module_error(rt_isolate* rt, int id) {
  Local<Module> m = rt_module_of(rt, id)->module.Get(rt->iso);
  return m->GetStatus() == Module::kErrored ? rt_to(m->GetException()) : nullptr;
}
uint8_t* rt_module_cache(rt_isolate* rt, int id, size_t* n) {
  *n = 0;
  Local<Module> m = rt_module_of(rt, id)->module.Get(rt->iso);
  if (!m->IsSourceTextModule() || rt->counts_blocks) return nullptr;
  std::unique_ptr<ScriptCompiler::CachedData> data(ScriptCompiler::CreateCodeCache(m->GetUnboundModuleScript()));
  if (!data) return nullptr;
  uint8_t* p = static_cast<uint8_t*>(malloc(data->length ? data->length : 1));
  if (!p) return nullptr;
  memcpy(p, data->data, data->length);
  *n = data->length;
  return p;
}
void rt_module_release(rt_isolate* rt, int id) {
  rt_module* m = rt_module_of(rt, id);
  if (!m) return;
  HandleScope scope(rt->iso);
  auto range = rt->module_by_hash.equal_range(m->module.Get(rt->iso)->GetIdentityHash());
  for (auto i = range.first; i != range.second; ++i) {
    if (i->second == id) {
      rt->module_by_hash.erase(i);
      break;
    }
  }
  rt->modules[id].reset();
}
}
