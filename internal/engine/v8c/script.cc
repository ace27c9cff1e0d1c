// script.cc: compiling and running classic scripts and functions, with V8's code cache.
#include <cstring>

#include "rt_internal.h"

using namespace v8;

namespace {

Local<Data> HostDefined(Isolate* iso, Local<Value> v) {
  if (v.IsEmpty() || v->IsUndefined()) return Local<Data>();
  Local<PrimitiveArray> a = PrimitiveArray::New(iso, 1);
  a->Set(iso, 0, v.As<Primitive>());
  return a;
}

ScriptOrigin OriginOf(Isolate* iso, Local<Value> file, int line, int column, Local<Value> host, bool module) {
  return ScriptOrigin(file, line, column, false, -1, Local<Value>(), false, false, module, HostDefined(iso, host));
}

ScriptCompiler::CachedData* Cached(const uint8_t* p, size_t n) {
  return p && n ? new ScriptCompiler::CachedData(p, (int)n, ScriptCompiler::CachedData::BufferNotOwned) : nullptr;
}

bool BytesOf(Local<Value> v, const uint8_t** p, size_t* n) {
  *p = nullptr;
  *n = 0;
  if (!v->IsArrayBufferView()) return false;
  Local<ArrayBufferView> view = v.As<ArrayBufferView>();
  *n = view->ByteLength();
  *p = static_cast<const uint8_t*>(view->Buffer()->Data()) + view->ByteOffset();
  return *n > 0;
}

int IntArg(const FunctionCallbackInfo<Value>& info, int i) { return info[i]->IsInt32() ? info[i].As<Int32>()->Value() : 0; }

// compileFunction(source, filename, params: string[], line, column, cachedData?, hostDefined?, context extensions?: object[])
//   → [function, cacheRejected]. Throws the SyntaxError.
void CompileFunction(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  if (!info[0]->IsString() || !info[2]->IsArray()) return;
  Local<Array> names = info[2].As<Array>();
  std::vector<Local<String>> params;
  for (uint32_t i = 0; i < names->Length(); i++) {
    Local<Value> v;
    if (!names->Get(context, i).ToLocal(&v) || !v->IsString()) return;
    params.push_back(v.As<String>());
  }
  std::vector<Local<Object>> extensions;
  if (info.Length() > 7 && info[7]->IsArray()) {
    Local<Array> list = info[7].As<Array>();
    for (uint32_t i = 0; i < list->Length(); i++) {
      Local<Value> v;
      if (!list->Get(context, i).ToLocal(&v)) return;
      if (v->IsObject()) extensions.push_back(v.As<Object>());
    }
  }
  const uint8_t* p;
  size_t n;
  bool cached = info.Length() > 5 && BytesOf(info[5], &p, &n);
  ScriptOrigin origin = OriginOf(iso, info[1], IntArg(info, 3), IntArg(info, 4), info.Length() > 6 ? info[6] : Local<Value>(), false);
  ScriptCompiler::Source source(info[0].As<String>(), origin, cached ? Cached(p, n) : nullptr);
  Local<Function> fn;
  TryCatch tc(iso);
  rt_throws_on caught(iso);
  if (!ScriptCompiler::CompileFunction(context, &source, params.size(), params.data(), extensions.size(), extensions.data(),
                                       cached ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions)
           .ToLocal(&fn)) {
    rt_remember_where(rt_from(iso), tc);
    tc.ReThrow();
    return;
  }
  bool rejected = cached && source.GetCachedData()->rejected;
  Local<Value> out[] = {fn, Boolean::New(iso, rejected)};
  info.GetReturnValue().Set(Array::New(iso, out, 2));
}

// functionCodeCache(fn) → Uint8Array | undefined
void FunctionCodeCache(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsFunction()) return;
  std::unique_ptr<ScriptCompiler::CachedData> data(ScriptCompiler::CreateCodeCacheForFunction(info[0].As<Function>()));
  if (!data) return;
  info.GetReturnValue().Set(rt_make_bytes(rt_from(info.GetIsolate()), reinterpret_cast<const char*>(data->data), data->length, true));
}

// compileScript(source, filename, line, column, cachedData?, hostDefined?) → [script ref, rejected, sourceMapURL]. The script object is an
// opaque holder for runScript, in whatever context is current there.
void CompileScript(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  if (!info[0]->IsString()) return;
  const uint8_t* p;
  size_t n;
  bool cached = info.Length() > 4 && BytesOf(info[4], &p, &n);
  ScriptOrigin origin = OriginOf(iso, info[1], IntArg(info, 2), IntArg(info, 3), info.Length() > 5 ? info[5] : Local<Value>(), false);
  ScriptCompiler::Source source(info[0].As<String>(), origin, cached ? Cached(p, n) : nullptr);
  Local<UnboundScript> script;
  TryCatch tc(iso);
  rt_throws_on caught(iso);
  if (!ScriptCompiler::CompileUnboundScript(iso, &source, cached ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions)
           .ToLocal(&script)) {
    rt_remember_where(rt_from(iso), tc);
    tc.ReThrow();
    return;
  }
  // V8 keeps no JS value for an UnboundScript; an object with one internal data field holds it.
  Local<ObjectTemplate> t = ObjectTemplate::New(iso);
  t->SetInternalFieldCount(1);
  Local<Object> holder;
  if (!t->NewInstance(iso->GetCurrentContext()).ToLocal(&holder)) return;
  holder->SetInternalField(0, script);
  Local<Value> out[] = {holder, Boolean::New(iso, cached && source.GetCachedData()->rejected), script->GetSourceMappingURL()};
  info.GetReturnValue().Set(Array::New(iso, out, 3));
}

Local<UnboundScript> ScriptOf(Local<Value> v) {
  if (!v->IsObject() || v.As<Object>()->InternalFieldCount() != 1) return Local<UnboundScript>();
  Local<Data> d = v.As<Object>()->GetInternalField(0);
  if (d->IsValue()) return Local<UnboundScript>();
  return d.As<UnboundScript>();
}

// runScript(script) → completion value, in the current context.
void RunScript(const FunctionCallbackInfo<Value>& info) {
  Local<UnboundScript> script = ScriptOf(info[0]);
  if (script.IsEmpty()) return;
  Local<Value> result;
  if (script->BindToCurrentContext()->Run(info.GetIsolate()->GetCurrentContext()).ToLocal(&result)) info.GetReturnValue().Set(result);
}

void ScriptCodeCache(const FunctionCallbackInfo<Value>& info) {
  Local<UnboundScript> script = ScriptOf(info[0]);
  if (script.IsEmpty()) return;
  std::unique_ptr<ScriptCompiler::CachedData> data(ScriptCompiler::CreateCodeCache(script));
  if (!data) return;
  info.GetReturnValue().Set(rt_make_bytes(rt_from(info.GetIsolate()), reinterpret_cast<const char*>(data->data), data->length, true));
}

}  // namespace

void rt_natives_scripts(std::vector<rt_builtin_native>* out) {
  out->push_back({"compileFunction", CompileFunction, false});
  out->push_back({"functionCodeCache", FunctionCodeCache, false});
  out->push_back({"compileScript", CompileScript, false});
  out->push_back({"runScript", RunScript, false});
  out->push_back({"scriptCodeCache", ScriptCodeCache, false});
}

extern "C" {

rt_value rt_compile_function(rt_isolate* rt, rt_value source_text, rt_value file, int line, int column, const char* const* names, size_t n,
                             const uint8_t* cached, size_t ncached, int* rejected, rt_value host) {
  Isolate* iso = rt->iso;
  TryCatch tc(iso);
  std::vector<Local<String>> params;
  for (size_t i = 0; i < n; i++) params.push_back(rt_sym(iso, names[i]));
  ScriptOrigin origin = OriginOf(iso, rt_local(file), line, column, host ? rt_local(host) : Local<Value>(), false);
  ScriptCompiler::Source source(rt_local(source_text).As<String>(), origin, Cached(cached, ncached));
  bool consume = cached && ncached;
  Local<Function> fn;
  if (!ScriptCompiler::CompileFunction(iso->GetCurrentContext(), &source, params.size(), params.data(), 0, nullptr,
                                       consume ? ScriptCompiler::kConsumeCodeCache : ScriptCompiler::kNoCompileOptions)
           .ToLocal(&fn)) {
    rt_remember_where(rt, tc);
    rt_keep_exception(rt, tc);
    return nullptr;
  }
  if (rejected) *rejected = consume && source.GetCachedData()->rejected;
  return rt_to(fn);
}

static uint8_t* TakeCache(ScriptCompiler::CachedData* data, size_t* n) {
  std::unique_ptr<ScriptCompiler::CachedData> own(data);
  *n = 0;
  if (!own) return nullptr;
  uint8_t* p = static_cast<uint8_t*>(malloc(own->length ? own->length : 1));
  if (!p) return nullptr;
  memcpy(p, own->data, own->length);
  *n = own->length;
  return p;
}
uint8_t* rt_function_cache(rt_isolate* rt, rt_value fn, size_t* n) {
  *n = 0;
  if (rt->counts_blocks) return nullptr;
  return TakeCache(ScriptCompiler::CreateCodeCacheForFunction(rt_local(fn).As<Function>()), n);
}
void rt_free_cache(uint8_t* p) { free(p); }
uint32_t rt_cache_version(void) { return ScriptCompiler::CachedDataVersionTag(); }

rt_value rt_run_script(rt_isolate* rt, rt_value source_text, rt_value file, int line, int column, rt_value host) {
  Isolate* iso = rt->iso;
  TryCatch tc(iso);
  ScriptOrigin origin = OriginOf(iso, rt_local(file), line, column, host ? rt_local(host) : Local<Value>(), false);
  ScriptCompiler::Source source(rt_local(source_text).As<String>(), origin);
  Local<Script> script;
  Local<Value> result;
  Local<Context> context = iso->GetCurrentContext();
  if (!ScriptCompiler::Compile(context, &source).ToLocal(&script) || !script->Run(context).ToLocal(&result)) {
    rt_keep_exception(rt, tc);
    return nullptr;
  }
  return rt_to(result);
}
}
