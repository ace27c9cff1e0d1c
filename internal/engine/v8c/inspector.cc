// inspector.cc: sessions of the Chrome DevTools protocol over V8's inspector: those of Go (a debugger at the end of a socket) and those of
// JavaScript (inspector.Session). https://chromedevtools.github.io/devtools-protocol/v8/
#include <v8-inspector.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "_cgo_export.h"
#include "rt_internal.h"

using namespace v8;
using v8_inspector::StringBuffer;
using v8_inspector::StringView;

namespace {

constexpr int kGroup = 1;  // all contexts of an isolate are debugged as one

std::vector<uint16_t> Units(Isolate* iso, Local<String> s) {
  std::vector<uint16_t> out(s->Length());
  s->WriteV2(iso, 0, s->Length(), out.data());
  return out;
}
StringView View(const std::vector<uint16_t>& units) { return StringView(units.data(), units.size()); }
StringView View(const std::string& ascii) { return StringView(reinterpret_cast<const uint8_t*>(ascii.data()), ascii.size()); }

MaybeLocal<String> Text(Isolate* iso, StringView v) {
  return v.is8Bit() ? String::NewFromOneByte(iso, v.characters8(), NewStringType::kNormal, (int)v.length())
                    : String::NewFromTwoByte(iso, v.characters16(), NewStringType::kNormal, (int)v.length());
}

// What debuggers call the main context: the program and its process.
std::string ContextName() {
  char path[4096];
  ssize_t n = readlink("/proc/self/exe", path, sizeof path);
  return (n > 0 ? std::string(path, n) : std::string("node")) + "[" + std::to_string(getpid()) + "]";
}

// A path as a file: URL: debuggers look for sources by URL.
bool FileURL(const std::string& path, std::string* url) {
  if (path.empty() || path[0] != '/') return false;
  static const char hex[] = "0123456789ABCDEF";
  *url = "file://";
  for (unsigned char c : path) {
    if (c > ' ' && c < 0x7f && !strchr("\"#%<>?[\\]^`{|}", c)) {
      *url += (char)c;
    } else {
      *url += {'%', hex[c >> 4], hex[c & 15]};
    }
  }
  return true;
}

class Session final : public v8_inspector::V8Inspector::Channel {
 public:
  Session(rt_isolate* rt, int id) : rt_(rt), id_(id) {}
  Session(rt_isolate* rt, int id, Local<Function> receiver) : rt_(rt), id_(id), receiver_(rt->iso, receiver) {}

  void sendResponse(int, std::unique_ptr<StringBuffer> message) override { Send(message->string()); }
  void sendNotification(std::unique_ptr<StringBuffer> message) override { Send(message->string()); }
  void flushProtocolNotifications() override {}

  std::unique_ptr<v8_inspector::V8InspectorSession> v8;
  bool remote() const { return receiver_.IsEmpty(); }

 private:
  void Send(StringView message) {
    Isolate* iso = rt_->iso;
    HandleScope scope(iso);
    Local<String> text;
    if (!Text(iso, message).ToLocal(&text)) return;
    if (remote()) {
      String::Utf8Value utf8(iso, text);
      rt_go_inspector_message(rt_->go, id_, *utf8, utf8.length());
      return;
    }
    Local<Context> context = rt_->ctx();
    Context::Scope entered(context);
    MicrotasksScope no_jobs(context, MicrotasksScope::kDoNotRunMicrotasks);
    Local<Value> arg = text, ignored;
    TryCatch tc(iso);
    tc.SetVerbose(false);
    if (!receiver_.Get(iso)->Call(context, Undefined(iso), 1, &arg).ToLocal(&ignored) && tc.CanContinue()) tc.Reset();
  }

  rt_isolate* rt_;
  int id_;
  Global<Function> receiver_;
};

class Client final : public v8_inspector::V8InspectorClient {
 public:
  explicit Client(rt_isolate* rt) : rt_(rt), unique_((int64_t)std::random_device()() << 20) {}
  // Go serves its sessions until one of them has said to go on.
  void runMessageLoopOnPause(int) override;
  void quitMessageLoopOnPause() override { rt_go_inspector_event(rt_->go, RT_INSPECTOR_RESUMED); }
  void runIfWaitingForDebugger(int) override { rt_go_inspector_event(rt_->go, RT_INSPECTOR_RUN); }
  Local<Context> ensureDefaultContextInGroup(int) override { return rt_->ctx(); }
  double currentTimeMS() override {
    return std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch()).count();
  }
  int64_t generateUniqueId() override { return ++unique_; }
  std::unique_ptr<StringBuffer> resourceNameToUrl(const StringView& name) override {
    Isolate* iso = rt_->iso;
    HandleScope scope(iso);
    Local<String> text;
    std::string url;
    if (!Text(iso, name).ToLocal(&text)) return nullptr;
    String::Utf8Value utf8(iso, text);
    if (!*utf8 || !FileURL(*utf8, &url)) return nullptr;
    return StringBuffer::create(View(url));
  }

 private:
  rt_isolate* rt_;
  int64_t unique_;
};

}  // namespace

struct rt_inspector {
  explicit rt_inspector(rt_isolate* rt) : client(rt), v8(v8_inspector::V8Inspector::create(rt->iso, &client)) {}
  Client client;
  std::unique_ptr<v8_inspector::V8Inspector> v8;
  std::unordered_map<int, std::unique_ptr<Session>> sessions;
  std::vector<std::unique_ptr<Session>> ended;  // sessions that ended in one of their own messages: freed at the next call from outside
  int last_local = 0;                           // ids of JavaScript's sessions are negative
  bool telling = false;                         // a message of console is on its way to the sessions
  int depth = 0;                                // dispatches in progress
  bool checking = false;                        // one of them may look for side effects
  bool terminates = false;                      // a termination waits for the end of the dispatches
};

namespace {

// Code that is checked for side effects doesn't pause, so nothing is checked in a pause but what its debuggers ask for.
void Client::runMessageLoopOnPause(int) {
  rt_inspector* in = rt_->inspector;
  bool checking = in->checking;
  in->checking = false;
  rt_go_inspector_event(rt_->go, RT_INSPECTOR_PAUSED);
  in->checking = checking;
}

void Connect(rt_isolate* rt, int id, std::unique_ptr<Session> session) {
  rt_inspector* in = rt->inspector;
  if (!in) return;
  // No session waits in V8's eyes: else the program would wait for the word of all of them, not of the first.
  session->v8 = in->v8->connect(kGroup, session.get(), StringView(), v8_inspector::V8Inspector::kFullyTrusted,
                                v8_inspector::V8Inspector::kNotWaitingForDebugger);
  in->sessions[id] = std::move(session);
}

bool Has(const std::vector<uint16_t>& message, const std::string& word) {
  return std::search(message.begin(), message.end(), word.begin(), word.end()) != message.end();
}

// V8 lists no properties while JavaScript is being terminated, and aborts when the inspector wants some then. So the termination waits for the end of
// the inspector's work.
void HoldTermination(rt_isolate* rt) {
  if (!rt->inspector || !rt->iso->IsExecutionTerminating()) return;
  rt->iso->CancelTerminateExecution();
  rt->inspector->terminates = true;
}

// Whether a message asks for an evaluation that throws at a side effect; JSON may have spaces around the colon.
bool ChecksSideEffects(const std::vector<uint16_t>& message) {
  static const std::string key = "\"throwOnSideEffect\"";
  auto at = message.begin();
  while ((at = std::search(at, message.end(), key.begin(), key.end())) != message.end()) {
    at += key.size();
    auto value = std::find_if(at, message.end(), [](uint16_t c) { return c > ' ' && c != ':'; });
    if (value != message.end() && *value == 't') return true;
  }
  return false;
}

// False: the message can't be taken now. It may evaluate while it looks for side effects, as a message does in the middle of which this one comes:
// V8 would lose what it knows of the first.
bool Dispatch(rt_isolate* rt, int id, Local<String> message) {
  rt_inspector* in = rt->inspector;
  if (!in) return true;
  auto found = in->sessions.find(id);
  if (found == in->sessions.end()) return true;
  std::vector<uint16_t> units = Units(rt->iso, message);
  bool checks = ChecksSideEffects(units), checking = in->checking;
  if (checks && checking) return false;
  // It may begin to count how often blocks run. What is only likely costs the run its code cache.
  rt->counts_blocks = rt->counts_blocks || Has(units, "startPreciseCoverage");
  in->checking = checks || checking;
  in->depth++;
  HoldTermination(rt);
  found->second->v8->dispatchProtocolMessage(View(units));
  in->depth--;
  in->checking = checking;
  if (in->depth == 0) {
    in->ended.clear();
    if (in->terminates) rt->iso->TerminateExecution();
    in->terminates = false;
  }
  return true;
}

void Disconnect(rt_isolate* rt, int id) {
  rt_inspector* in = rt->inspector;
  if (!in) return;
  auto found = in->sessions.find(id);
  if (found == in->sessions.end()) return;
  std::unique_ptr<Session> session = std::move(found->second);
  in->sessions.erase(found);
  if (in->depth > 0) {
    session->v8->stop();
    in->ended.push_back(std::move(session));
    return;
  }
  session->v8.reset();
}

// inspectorConnect(receiver: (message: string) => void) → id of a session
void InspectorConnect(const FunctionCallbackInfo<Value>& info) {
  rt_isolate* rt = rt_from(info.GetIsolate());
  if (!info[0]->IsFunction() || !rt->inspector) return;
  int id = --rt->inspector->last_local;
  Connect(rt, id, std::make_unique<Session>(rt, id, info[0].As<Function>()));
  info.GetReturnValue().Set(id);
}

// inspectorDispatch(id, message)
void InspectorDispatch(const FunctionCallbackInfo<Value>& info) {
  if (info[0]->IsInt32() && info[1]->IsString()) Dispatch(rt_from(info.GetIsolate()), info[0].As<Int32>()->Value(), info[1].As<String>());
}

// consoleBoth(own, engine) → a function that calls V8's console method and then ours. It has no frame of JavaScript: the first one that debuggers
// see is the caller's.
void ConsoleBothCall(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  rt_inspector* in = rt_from(iso)->inspector;
  Local<Array> both = info.Data().As<Array>();
  std::vector<Local<Value>> args;
  for (int i = 0; i < info.Length(); i++) args.push_back(info[i]);
  Local<Value> own, engine, out;
  if (!both->Get(context, 0).ToLocal(&own) || !both->Get(context, 1).ToLocal(&engine)) return;
  if (in && !in->telling) {  // what a debugger's own session prints is not told again
    in->telling = true;
    TryCatch tc(iso);
    (void)engine.As<Function>()->Call(context, Undefined(iso), info.Length(), args.data()).ToLocal(&out);
    in->telling = false;
    if (tc.HasTerminated()) {
      tc.ReThrow();
      return;
    }
  }
  if (own.As<Function>()->Call(context, info.This(), info.Length(), args.data()).ToLocal(&out)) info.GetReturnValue().Set(out);
}
void ConsoleBoth(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsFunction() || !info[1]->IsFunction()) return;
  Isolate* iso = info.GetIsolate();
  Local<Value> both[] = {info[0], info[1]};
  Local<Function> out;
  if (Function::New(iso->GetCurrentContext(), ConsoleBothCall, Array::New(iso, both, 2), 0, ConstructorBehavior::kThrow).ToLocal(&out))
    info.GetReturnValue().Set(out);
}

// inspectorDisconnect(id)
void InspectorDisconnect(const FunctionCallbackInfo<Value>& info) {
  if (info[0]->IsInt32()) Disconnect(rt_from(info.GetIsolate()), info[0].As<Int32>()->Value());
}

}  // namespace

// Scripts that are compiled before a context is known to the inspector are never shown to debuggers, so it is there from the beginning.
void rt_inspector_start(rt_isolate* rt, const char* context_name) {
  rt->inspector = new rt_inspector(rt);
  std::string name = context_name ? context_name : ContextName(), aux = "{\"isDefault\":true}";
  v8_inspector::V8ContextInfo info(rt->ctx(), kGroup, View(name));
  info.auxData = View(aux);
  rt->inspector->v8->contextCreated(info);
}

void rt_inspector_context(rt_isolate* rt, Local<Context> context, Local<String> name, Local<String> origin) {
  if (!rt->inspector) return;
  std::string aux = "{\"isDefault\":false}";
  HandleScope scope(rt->iso);
  std::vector<uint16_t> name16 = Units(rt->iso, name), origin16 = Units(rt->iso, origin);
  v8_inspector::V8ContextInfo info(context, kGroup, View(name16));
  info.origin = View(origin16);
  info.auxData = View(aux);
  rt->inspector->v8->contextCreated(info);
}

void rt_inspector_dispose(rt_isolate* rt) {
  if (!rt->inspector) return;
  rt->inspector->ended.clear();
  rt->inspector->sessions.clear();
  delete rt->inspector;
  rt->inspector = nullptr;
}

void rt_natives_inspector(std::vector<rt_builtin_native>* out) {
  out->push_back({"inspectorConnect", InspectorConnect, false});
  out->push_back({"inspectorDispatch", InspectorDispatch, false});
  out->push_back({"consoleBoth", ConsoleBoth, false});
  out->push_back({"inspectorDisconnect", InspectorDisconnect, false});
}

// The inspector's way to the properties of an object leads through here (--wrap), also in the middle of a dispatch; and so does the end of an
// evaluation that had the console's functions as globals, which V8 leaves there, with a dangling pointer, when it is terminated.
namespace v8::debug {
struct PropertyIterator {
  virtual ~PropertyIterator() = default;
};
}  // namespace v8::debug

#define PROPERTIES _ZN2v85debug16PropertyIterator6CreateENS_5LocalINS_7ContextEEENS2_INS_6ObjectEEEb
#define JOIN(a, b) a##b
#define REAL(name) JOIN(__real_, name)
#define WRAP(name) JOIN(__wrap_, name)

extern "C" {

std::unique_ptr<v8::debug::PropertyIterator> REAL(PROPERTIES)(Local<Context>, Local<Object>, bool skip_indices) __attribute__((weak));
std::unique_ptr<v8::debug::PropertyIterator> WRAP(PROPERTIES)(Local<Context> context, Local<Object> object, bool skip_indices) {
  if (rt_isolate* rt = rt_from(context->GetIsolate()); rt && rt->inspector && rt->inspector->depth > 0) HoldTermination(rt);
  return REAL(PROPERTIES)(context, object, skip_indices);
}

#define CONSOLE_END _ZN12v8_inspector9V8Console19CommandLineAPIScopeD1Ev
void REAL(CONSOLE_END)(void* scope) __attribute__((weak));
void WRAP(CONSOLE_END)(void* scope) {
  if (rt_isolate* rt = rt_from(Isolate::GetCurrent()); rt && rt->inspector && rt->inspector->depth > 0) HoldTermination(rt);
  REAL(CONSOLE_END)(scope);
}

void rt_inspector_connect(rt_isolate* rt, int session) {
  HandleScope scope(rt->iso);
  Connect(rt, session, std::make_unique<Session>(rt, session));
}

int rt_inspector_dispatch(rt_isolate* rt, int session, const char* utf8, size_t n) {
  HandleScope scope(rt->iso);
  Context::Scope entered(rt->ctx());
  TryCatch tc(rt->iso);
  Local<String> text;
  if (String::NewFromUtf8(rt->iso, utf8, NewStringType::kNormal, (int)n).ToLocal(&text)) return Dispatch(rt, session, text);
  return 1;
}

void rt_inspector_disconnect(rt_isolate* rt, int session) {
  HandleScope scope(rt->iso);
  Disconnect(rt, session);
}

void rt_inspector_context_destroyed(rt_isolate* rt) {
  HandleScope scope(rt->iso);
  if (rt->inspector) rt->inspector->v8->contextDestroyed(rt->ctx());
}

void rt_inspector_break_next(rt_isolate* rt) {
  if (!rt->inspector) return;
  HandleScope scope(rt->iso);
  std::string reason = "Break on start", details = "{}";
  for (auto& s : rt->inspector->sessions)
    if (s.second->remote()) s.second->v8->schedulePauseOnNextStatement(View(reason), View(details));
}

}  // extern "C"
