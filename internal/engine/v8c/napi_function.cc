// napi_function.cc: functions, classes, references and wraps with their finalizers, handle scopes.
#include "napi_internal.h"

using namespace roost_napi;

struct napi_handle_scope__ : Scope {
  v8::HandleScope scope;
  napi_handle_scope__(v8::Isolate* iso, Scope* b) : Scope(b), scope(iso) {}
};

struct napi_escapable_handle_scope__ : Scope {
  v8::EscapableHandleScope scope;
  bool escaped = false;
  napi_escapable_handle_scope__(v8::Isolate* iso, Scope* b) : Scope(b), scope(iso) {}
};

// What napi_callback_info points at, for the time of the call.
struct napi_callback_info__ {
  const v8::FunctionCallbackInfo<v8::Value>* info;
  void* data;
};

namespace roost_napi {
namespace {

void invoke(const v8::FunctionCallbackInfo<v8::Value>& info) {
  auto callback = static_cast<Callback*>(info.Data().As<v8::External>()->Value());
  napi_env env = callback->env;
  if (env->closing) return;  // the addon may have freed what the callback needs
  napi_callback_info__ call = {&info, callback->data};
  napi_callback cb = callback->cb;
  // A pending exception here was left by Go's or the addon's code further down the stack: this call is none of its business.
  v8::Global<v8::Value> outer = std::move(env->exception);
  call_addon(
      env,
      [&] {
        napi_value result = cb(env, &call);
        if (result != nullptr && env->exception.IsEmpty()) info.GetReturnValue().Set(to_local(result));
      },
      [&](v8::Local<v8::Value> e) { env->iso->ThrowException(e); });
  if (!outer.IsEmpty()) env->exception = std::move(outer);
}

void forget_external(const v8::WeakCallbackInfo<ExternalBox>& info) {
  ExternalBox* box = info.GetParameter();
  box->root->externals.erase(box);
  delete box;
}

void forget_callback(const v8::WeakCallbackInfo<Callback>& info) { delete info.GetParameter(); }

v8::Local<v8::External> callback_data(napi_env env, napi_callback cb, void* data) {
  auto callback = new Callback;
  callback->env = env;
  callback->cb = cb;
  callback->data = data;
  v8::Local<v8::External> self = v8::External::New(env->iso, callback);
  callback->self.Reset(env->iso, self);
  callback->self.SetWeak(callback, forget_callback, v8::WeakCallbackType::kParameter);
  env->callbacks.insert_last(callback);
  return self;
}

// ---- references

void run_drain(napi_env env, void*) {
  if (env == nullptr) return;
  env->finalizers_posted = false;
  finalizers_drain(env);
}

// Second pass: still inside the collection, but V8 may be used, only no JS. The finalizers of experimental addons are
// promised to run none, and expected this early. The reference may be gone by now, so it isn't looked at.
void drain_early(const v8::WeakCallbackInfo<napi_ref__>& info) {
  napi_env root = rt_from(info.GetIsolate())->env;
  if (root == nullptr) return;
  v8::HandleScope scope(info.GetIsolate());
  for (napi_env env : std::vector<napi_env>(root->addons)) {
    if (env->version != NAPI_VERSION_EXPERIMENTAL || env->closing || env->collecting) continue;
    env->collecting = true;
    finalizers_drain(env);
    env->collecting = false;
  }
}

// First pass, inside GC: no V8 beyond dropping the handle, no code of the addon's.
void ref_collected(const v8::WeakCallbackInfo<napi_ref__>& info) {
  napi_ref ref = info.GetParameter();
  ref->value.Reset();
  if (ref->finalize == nullptr) {
    if (!ref->owned_by_addon) delete ref;
    return;
  }
  napi_env env = ref->env;
  env->dead.insert_last(ref);
  if (env->version == NAPI_VERSION_EXPERIMENTAL) info.SetSecondPassCallback(drain_early);
  if (env->finalizers_posted || env->closing) return;
  env->finalizers_posted = true;
  env_post(env->rt, env->anchor, run_drain, nullptr);
}

void ref_weaken(napi_ref ref) {
  if (ref->value.IsEmpty()) return;
  if (ref->can_be_weak) {
    ref->value.SetWeak(ref, ref_collected, v8::WeakCallbackType::kParameter);
  } else {
    ref->value.Reset();  // primitives have no identity to be collected by
  }
}

// The reference of a wrapped object, or null.
napi_ref wrap_of(napi_env env, v8::Local<v8::Object> object) {
  v8::Local<v8::Value> v;
  if (!object->GetPrivate(env->ctx(), env->wrap_key.Get(env->iso)).ToLocal(&v) || !v->IsExternal()) return nullptr;
  return static_cast<napi_ref>(v.As<v8::External>()->Value());
}

bool set_wrap(napi_env env, v8::Local<v8::Object> object, napi_ref ref) {
  v8::Local<v8::External> holder = v8::External::New(env->iso, ref);
  return object->SetPrivate(env->ctx(), env->wrap_key.Get(env->iso), holder).FromMaybe(false);
}

}  // namespace

v8::MaybeLocal<v8::Function> function_new(napi_env env, napi_callback cb, void* data) {
  return v8::Function::New(env->ctx(), invoke, callback_data(env, cb, data));
}

v8::MaybeLocal<v8::FunctionTemplate> template_new(napi_env env, napi_callback cb, void* data, v8::Local<v8::Signature> signature) {
  return v8::FunctionTemplate::New(env->iso, invoke, callback_data(env, cb, data), signature);
}

napi_ref ref_new(napi_env env, v8::Local<v8::Value> value, uint32_t count, bool owned_by_addon, napi_finalize finalize, void* data,
                 void* hint) {
  auto ref = new napi_ref__;
  ref->env = env;
  ref->count = count;
  ref->owned_by_addon = owned_by_addon;
  ref->finalize = finalize;
  ref->data = data;
  ref->hint = hint;
  (finalize != nullptr ? env->finalizing : env->refs).insert_first(ref);
  if (value.IsEmpty()) return ref;
  ref->value.Reset(env->iso, value);
  ref->can_be_weak = value->IsObject() || value->IsSymbol();
  if (count == 0) ref_weaken(ref);
  return ref;
}

ExternalBox* external_box(napi_env env, v8::Local<v8::Value> v) {
  if (!v->IsExternal()) return nullptr;
  auto box = static_cast<ExternalBox*>(v.As<v8::External>()->Value());
  const auto& known = rt_napi_env(env->rt)->externals;
  return known.find(box) != known.end() ? box : nullptr;
}

void ref_finalize(napi_ref ref) {
  napi_env env = ref->env;
  napi_finalize finalize = std::exchange(ref->finalize, nullptr);
  void* data = ref->data;
  void* hint = ref->hint;
  ref->value.Reset();
  if (ref == env->instance_data) env->instance_data = nullptr;
  if (ref->owned_by_addon) {
    env->refs.insert_first(ref);  // the finalizer may delete it
  } else {
    delete ref;
  }
  if (finalize == nullptr) return;
  v8::HandleScope scope(env->iso);
  call_addon_lenient(env, [&] { finalize(env, data, hint); });
}

void finalizers_drain(napi_env env) {
  while (!env->dead.alone()) ref_finalize(static_cast<napi_ref>(env->dead.next));
}

}  // namespace roost_napi

// ---- functions

napi_status napi_create_function(napi_env env, const char* utf8name, size_t length, napi_callback cb, void* data, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK_ARG(env, cb);
  v8::Local<v8::Function> f;
  if (!function_new(env, cb, data).ToLocal(&f)) return guard.failed(napi_generic_failure);
  if (utf8name != nullptr) {
    napi_value name;
    napi_status status = napi_create_string_utf8(env, utf8name, length, &name);
    if (status != napi_ok) return status;
    f->SetName(to_local(name).As<v8::String>());
  }
  *result = to_napi(f);
  return done(env);
}

napi_status napi_get_cb_info(napi_env env, napi_callback_info cbinfo, size_t* argc, napi_value* argv, napi_value* this_arg, void** data) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, cbinfo);
  const v8::FunctionCallbackInfo<v8::Value>& info = *cbinfo->info;
  size_t given = static_cast<size_t>(info.Length());
  if (argv != nullptr) {
    NAPI_CHECK_ARG(env, argc);
    for (size_t i = 0; i < *argc; i++) {
      argv[i] = i < given ? to_napi(info[static_cast<int>(i)]) : to_napi(v8::Undefined(env->iso));
    }
  }
  if (argc != nullptr) *argc = given;
  if (this_arg != nullptr) *this_arg = to_napi(info.This());
  if (data != nullptr) *data = cbinfo->data;
  return done(env);
}

napi_status napi_get_new_target(napi_env env, napi_callback_info cbinfo, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, cbinfo);
  NAPI_CHECK_ARG(env, result);
  *result = cbinfo->info->IsConstructCall() ? to_napi(cbinfo->info->NewTarget()) : nullptr;
  return done(env);
}

napi_status napi_call_function(napi_env env, napi_value recv, napi_value func, size_t argc, const napi_value* argv, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, recv);
  if (argc > 0) NAPI_CHECK_ARG(env, argv);
  NAPI_CHECK_ARG(env, func);
  NAPI_CHECK(env, to_local(func)->IsFunction() && argc <= INT_MAX, napi_invalid_arg);
  v8::Local<v8::Value> value;
  v8::Local<v8::Function> f = to_local(func).As<v8::Function>();
  if (!f->Call(env->ctx(), to_local(recv), static_cast<int>(argc), to_locals(argv)).ToLocal(&value)) {
    return guard.failed(napi_generic_failure);
  }
  if (result != nullptr) *result = to_napi(value);
  return done(env);
}

napi_status napi_new_instance(napi_env env, napi_value constructor, size_t argc, const napi_value* argv, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, constructor);
  if (argc > 0) NAPI_CHECK_ARG(env, argv);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK(env, to_local(constructor)->IsFunction() && argc <= INT_MAX, napi_invalid_arg);
  v8::Local<v8::Object> object;
  v8::Local<v8::Function> f = to_local(constructor).As<v8::Function>();
  if (!f->NewInstance(env->ctx(), static_cast<int>(argc), to_locals(argv)).ToLocal(&object)) return guard.failed(napi_generic_failure);
  *result = to_napi(object);
  return done(env);
}

// ---- classes

namespace {

// Instance accessors and methods go on the template, where V8 checks the receiver.
napi_status add_to_template(napi_env env, v8::Local<v8::FunctionTemplate> tpl, const napi_property_descriptor* p) {
  v8::Local<v8::Name> name;
  napi_status status = property_name(env, p, &name);
  if (status != napi_ok) return status;
  v8::PropertyAttribute attributes = property_attributes(p);
  if (p->getter != nullptr || p->setter != nullptr) {
    v8::Local<v8::FunctionTemplate> get, set;
    if (p->getter != nullptr) {
      NAPI_CHECK(env, template_new(env, p->getter, p->data, {}).ToLocal(&get), napi_generic_failure);
    }
    if (p->setter != nullptr) {
      NAPI_CHECK(env, template_new(env, p->setter, p->data, {}).ToLocal(&set), napi_generic_failure);
    }
    tpl->PrototypeTemplate()->SetAccessorProperty(name, get, set, attributes);
    return napi_ok;
  }
  v8::Local<v8::FunctionTemplate> method;
  NAPI_CHECK(env, template_new(env, p->method, p->data, v8::Signature::New(env->iso, tpl)).ToLocal(&method), napi_generic_failure);
  tpl->PrototypeTemplate()->Set(name, method, attributes);
  return napi_ok;
}

// Of the constructor, or a value of the prototype: templates can't hold objects, so those come after instantiation.
bool added_later(const napi_property_descriptor* p) {
  bool is_code = p->getter != nullptr || p->setter != nullptr || p->method != nullptr;
  return (p->attributes & napi_static) != 0 || !is_code;
}

napi_status add_to_class(napi_env env, Guard& guard, v8::Local<v8::Function> f, const napi_property_descriptor* p) {
  if ((p->attributes & napi_static) != 0) return napi_define_properties(env, to_napi(f), 1, p);
  v8::Local<v8::Value> prototype;
  if (!f->Get(env->ctx(), rt_sym(env->iso, "prototype")).ToLocal(&prototype)) return guard.failed(napi_generic_failure);
  return napi_define_properties(env, to_napi(prototype), 1, p);
}

}  // namespace

napi_status napi_define_class(napi_env env, const char* utf8name, size_t length, napi_callback constructor, void* data,
                              size_t property_count, const napi_property_descriptor* properties, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK_ARG(env, constructor);
  if (property_count > 0) NAPI_CHECK_ARG(env, properties);
  v8::EscapableHandleScope scope(env->iso);
  v8::Local<v8::FunctionTemplate> tpl;
  NAPI_CHECK(env, template_new(env, constructor, data, {}).ToLocal(&tpl), napi_generic_failure);
  napi_value name;
  NAPI_CHECK_ARG(env, utf8name);
  napi_status status = napi_create_string_utf8(env, utf8name, length, &name);
  if (status != napi_ok) return status;
  tpl->SetClassName(to_local(name).As<v8::String>());
  for (size_t i = 0; i < property_count; i++) {
    if (added_later(&properties[i])) continue;
    status = add_to_template(env, tpl, &properties[i]);
    if (status != napi_ok) return status;
  }
  v8::Local<v8::Function> f;
  if (!tpl->GetFunction(env->ctx()).ToLocal(&f)) return guard.failed(napi_generic_failure);
  for (size_t i = 0; i < property_count; i++) {
    if (!added_later(&properties[i])) continue;
    status = add_to_class(env, guard, f, &properties[i]);
    if (status != napi_ok) return status;
  }
  *result = to_napi(scope.Escape(f));
  return done(env);
}

// ---- wraps, externals, finalizers

napi_status napi_wrap(napi_env env, napi_value js_object, void* native_object, node_api_basic_finalize finalize_cb, void* finalize_hint,
                      napi_ref* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, js_object);
  NAPI_CHECK(env, to_local(js_object)->IsObject(), napi_object_expected);
  NAPI_CHECK(env, !to_local(js_object)->IsExternal(), napi_object_expected);  // V8 would end the process
  v8::Local<v8::Object> object = to_local(js_object).As<v8::Object>();
  NAPI_CHECK(env, wrap_of(env, object) == nullptr, napi_invalid_arg);
  // With a reference of its own the addon also decides when it goes, so a finalizer is required: without one it couldn't.
  if (result != nullptr) NAPI_CHECK_ARG(env, finalize_cb);
  napi_ref ref = ref_new(env, object, 0, result != nullptr, finalize_cb, native_object, finalize_hint);
  ref->is_wrap = true;
  if (!set_wrap(env, object, ref)) {
    delete ref;
    return guard.failed(napi_generic_failure);
  }
  if (result != nullptr) *result = ref;
  return done(env);
}

napi_status napi_unwrap(napi_env env, napi_value js_object, void** result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, js_object);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK(env, to_local(js_object)->IsObject(), napi_object_expected);
  napi_ref ref = wrap_of(env, to_local(js_object).As<v8::Object>());
  NAPI_CHECK(env, ref != nullptr, napi_invalid_arg);
  *result = ref->data;
  return done(env);
}

napi_status napi_remove_wrap(napi_env env, napi_value js_object, void** result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, js_object);
  NAPI_CHECK(env, to_local(js_object)->IsObject(), napi_object_expected);
  v8::Local<v8::Object> object = to_local(js_object).As<v8::Object>();
  napi_ref ref = wrap_of(env, object);
  NAPI_CHECK(env, ref != nullptr, napi_invalid_arg);
  if (result != nullptr) *result = ref->data;
  if (!object->DeletePrivate(env->ctx(), env->wrap_key.Get(env->iso)).FromMaybe(false)) return guard.failed(napi_generic_failure);
  ref->is_wrap = false;
  if (ref->owned_by_addon) {
    ref->finalize = nullptr;  // the finalizer of a removed wrap doesn't run
    ref->env->refs.insert_first(ref);
  } else {
    delete ref;
  }
  return done(env);
}

napi_status napi_add_finalizer(napi_env env, napi_value js_object, void* finalize_data, node_api_basic_finalize finalize_cb,
                               void* finalize_hint, napi_ref* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, js_object);
  NAPI_CHECK_ARG(env, finalize_cb);
  NAPI_CHECK(env, to_local(js_object)->IsObject(), napi_invalid_arg);
  napi_ref ref = ref_new(env, to_local(js_object), 0, result != nullptr, finalize_cb, finalize_data, finalize_hint);
  if (result != nullptr) *result = ref;
  return done(env);
}

namespace {

struct Finalizer {
  napi_finalize run;
  void* data;
  void* hint;
};

void run_finalizer(napi_env env, void* p) {
  std::unique_ptr<Finalizer> f(static_cast<Finalizer*>(p));
  if (env != nullptr) call_addon_lenient(env, [&] { f->run(env, f->data, f->hint); });
}

}  // namespace

// For finalizers that ran where no JS was allowed. Ours always run from the loop, so this one only comes later.
napi_status node_api_post_finalizer(node_api_basic_env env, napi_finalize finalize_cb, void* finalize_data, void* finalize_hint) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, finalize_cb);
  env_post(env->rt, env->anchor, run_finalizer, new Finalizer{finalize_cb, finalize_data, finalize_hint});
  return done(env);
}

napi_status napi_create_external(napi_env env, void* data, node_api_basic_finalize finalize_cb, void* finalize_hint, napi_value* result) {
  NAPI_ENTER(env);
  NAPI_CHECK_ARG(env, result);
  auto box = new ExternalBox{rt_napi_env(env->rt), data};
  v8::Local<v8::External> external = v8::External::New(env->iso, box);
  box->root->externals.insert(box);
  box->self.Reset(env->iso, external);
  box->self.SetWeak(box, forget_external, v8::WeakCallbackType::kParameter);
  if (finalize_cb != nullptr) ref_new(env, external, 0, false, finalize_cb, data, finalize_hint);
  *result = to_napi(external);
  return done(env);
}

napi_status napi_get_value_external(napi_env env, napi_value value, void** result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK(env, to_local(value)->IsExternal(), napi_invalid_arg);
  ExternalBox* box = external_box(env, to_local(value));
  *result = box != nullptr ? box->data : to_local(value).As<v8::External>()->Value();
  return done(env);
}

// ---- references

napi_status napi_create_reference(napi_env env, napi_value value, uint32_t initial_refcount, napi_ref* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, value);
  NAPI_CHECK_ARG(env, result);
  v8::Local<v8::Value> v = to_local(value);
  // Before version 10 only what has an identity could be referenced.
  NAPI_CHECK(env, env->version >= 10 || v->IsObject() || v->IsSymbol(), napi_invalid_arg);
  *result = ref_new(env, v, initial_refcount, true, nullptr, nullptr, nullptr);
  return done(env);
}

napi_status napi_delete_reference(node_api_basic_env env, napi_ref ref) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, ref);
  if (ref->is_wrap && !ref->value.IsEmpty()) {
    // The object still leads here, for napi_unwrap; it takes the reference over.
    ref->owned_by_addon = false;
    ref->finalize = nullptr;
    env->refs.insert_first(ref);
    if (ref->count > 0) {
      ref->count = 0;
      ref_weaken(ref);
    }
    return done(env);
  }
  delete ref;
  return done(env);
}

napi_status napi_reference_ref(napi_env env, napi_ref ref, uint32_t* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, ref);
  if (!ref->value.IsEmpty() && ++ref->count == 1 && ref->can_be_weak) ref->value.ClearWeak();
  if (result != nullptr) *result = ref->value.IsEmpty() ? 0 : ref->count;
  return done(env);
}

napi_status napi_reference_unref(napi_env env, napi_ref ref, uint32_t* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, ref);
  NAPI_CHECK(env, ref->count > 0, napi_generic_failure);
  if (--ref->count == 0) ref_weaken(ref);
  if (result != nullptr) *result = ref->count;
  return done(env);
}

napi_status napi_get_reference_value(napi_env env, napi_ref ref, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, ref);
  NAPI_CHECK_ARG(env, result);
  *result = ref->value.IsEmpty() ? nullptr : to_napi(ref->value.Get(env->iso));
  return done(env);
}

// ---- scopes

namespace {

// Only the innermost scope can close, and not one of an outer callback.
napi_status close_scope(napi_env env, Scope* scope) {
  NAPI_CHECK_ARG(env, scope);
  NAPI_CHECK(env, scope == env->scopes && scope != env->floor, napi_handle_scope_mismatch);
  env->scopes = scope->below;
  delete scope;
  return done(env);
}

}  // namespace

napi_status napi_open_handle_scope(napi_env env, napi_handle_scope* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  *result = new napi_handle_scope__(env->iso, env->scopes);
  env->scopes = *result;
  return done(env);
}

napi_status napi_close_handle_scope(napi_env env, napi_handle_scope scope) {
  NAPI_CHECK_ENV(env);
  return close_scope(env, scope);
}

napi_status napi_open_escapable_handle_scope(napi_env env, napi_escapable_handle_scope* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  *result = new napi_escapable_handle_scope__(env->iso, env->scopes);
  env->scopes = *result;
  return done(env);
}

napi_status napi_close_escapable_handle_scope(napi_env env, napi_escapable_handle_scope scope) {
  NAPI_CHECK_ENV(env);
  return close_scope(env, scope);
}

napi_status napi_escape_handle(napi_env env, napi_escapable_handle_scope scope, napi_value escapee, napi_value* result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, scope);
  NAPI_CHECK_ARG(env, escapee);
  NAPI_CHECK_ARG(env, result);
  NAPI_CHECK(env, !scope->escaped, napi_escape_called_twice);
  scope->escaped = true;
  *result = to_napi(scope->scope.Escape(to_local(escapee)));
  return done(env);
}
