// context.cc: contexts of node:vm, and the promise hooks of async_hooks.
#include "rt_internal.h"

using namespace v8;

// What this file keeps for an isolate.
struct rt_contexts {
  Global<Function> promise_hooks[4];  // by PromiseHookType
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
  if (!rt || rt->disposing || !rt->contexts) return;
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

}  // namespace

void rt_contexts_dispose(rt_isolate* rt) {
  if (!rt->contexts) return;
  rt->iso->SetPromiseHook(nullptr);
  delete rt->contexts;
  rt->contexts = nullptr;
}

void rt_natives_context(std::vector<rt_builtin_native>* out) {
  out->push_back({"setPromiseHooks", SetPromiseHooks, false});
}
