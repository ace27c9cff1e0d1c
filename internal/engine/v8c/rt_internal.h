// rt_internal.h: what the .cc files of this package share. Never included from Go.
#ifndef ROOST_RT_INTERNAL_H_
#define ROOST_RT_INTERNAL_H_
#include <atomic>
#include <v8.h>

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "rt.h"

typedef struct napi_env__* napi_env;

extern std::atomic<int> rt_typed_array_type;  // V8's instance type of typed arrays, the same in every isolate; 0 until one was made

struct rt_module {
  v8::Global<v8::Module> module;
  std::vector<int> links;                 // ids, in the order of the module's requests
  v8::Global<v8::Function> evaluate;      // synthetic modules only
  bool synthetic = false;
};

struct rt_tasks;  // platform.cc
struct rt_contexts;   // context.cc
struct rt_profiling;  // heap.cc
struct rt_vitals_state;  // vitals.cc

const size_t rt_arg_bytes = 256 << 10;

// Everything of one isolate. Owned by rt_isolate_new/dispose; touched by the isolate's thread only (tasks: any thread).
struct rt_isolate {
  v8::Isolate* iso = nullptr;
  v8::Global<v8::Context> context;
  napi_env env = nullptr;  // of Go's own calls; made on demand by napi_env.cc
  uintptr_t go = 0;
  int depth = 0;           // calls from the loop in progress: ticks are drained at 0
  std::shared_ptr<rt_tasks> tasks;
  std::shared_ptr<v8::ArrayBuffer::Allocator> allocator;

  // V8's instance types and oddball kinds that its headers don't name, learnt from values at the start.
  int heap_number_type = 0, true_kind = 0, false_kind = 0;

  std::mutex breaks;
  int breakable = 0;    // runs in progress that an interrupt ends; guarded by breaks
  bool broken = false;  // rt_isolate_break was called, and no run has ended by it yet; guarded by breaks

  std::atomic<bool> stopping{false};  // rt_isolate_terminate was called: no JavaScript runs any more
  bool awaits_workers = false;  // V8's threads may be at work for user code: on WebAssembly, on a measurement of memory

  // Scratch memory: arg_* holds the arguments of natives in progress (a stack), out_* is filled by Go.
  std::unique_ptr<char[]> arg_bytes;  // rt_arg_bytes of them; what is never used is never touched
  size_t arg_top = 0;
  char* out_bytes = nullptr;
  size_t out_cap = 0;
  rt_slot* out_slots = nullptr;
  size_t out_slots_cap = 0;
  std::string text_a, text_b;  // of the last rt_exception

  v8::Global<v8::Value> exception;
  v8::Global<v8::Message> message;
  bool has_exception = false;
  bool uncaught_pending = false;                // the pending exception is one that nobody could catch
  std::vector<v8::Global<v8::Value>> uncaught;  // more of that kind; each drain reports one
  bool terminated = false;

  v8::Global<v8::Function> callbacks[RT_CB_COUNT];
  v8::Global<v8::Object> buffer_prototype;
  v8::Global<v8::ObjectTemplate> ref_template;
  v8::Global<v8::Value> plain_prototype;   // serialize.cc: Object.prototype of the main context
  v8::Global<v8::Symbol> clone_symbol;     // serialize.cc
  void* clone_scratch = nullptr;           // serialize.cc; owned
  struct rt_shapes* shapes = nullptr;      // owned; made on demand by unpack.cc
  v8::Global<v8::Private> uncloneable;     // serialize.cc; set once something is marked with it
  std::shared_ptr<v8::BackingStore> tick_store;
  uint8_t* tick_info = nullptr;
  v8::Global<v8::Uint8Array> tick_array;
  rt_outbox* outbox = nullptr;  // Go's; null until it is used

  std::vector<std::unique_ptr<rt_module>> modules;          // index is the id; 0 unused
  std::unordered_multimap<int, int> module_by_hash;         // identity hash to id
  std::vector<struct rt_ref*> dropped;                      // refs whose object was collected, to report
  struct rt_ref* refs = nullptr;                            // list of live refs
  rt_profiling* profiling = nullptr;                        // owned; made on demand by heap.cc
  rt_vitals_state* vitals = nullptr;                        // owned; made by rt_vitals_attach
  rt_contexts* contexts = nullptr;                          // owned; made on demand by context.cc
  struct rt_inspector* inspector = nullptr;                 // owned; of inspector.cc
  int instantiating = 0;                                    // graphs of modules being linked: 1 at most
  bool counts_blocks = false;                               // code may have been compiled with counters of blocks: it is not for other runs
  bool disposing = false;
  bool abort_on_uncaught = true;  // whether --abort-on-uncaught-exception means this isolate, now
  int heap_limit_hits = 0;
  v8::Global<v8::StackTrace> thrown;  // where the exception that was taken last came from
  bool near_limit = false;        // OnNearHeapLimit is V8's callback
  bool stops_at_limit = false;    // it terminates at the limit
  bool asks_near_limit = false;   // it asks Go before

  v8::Local<v8::Context> ctx() { return context.Get(iso); }
};

inline rt_isolate* rt_from(v8::Isolate* iso) { return static_cast<rt_isolate*>(iso->GetData(0)); }
static_assert(sizeof(v8::Local<v8::Value>) == sizeof(void*), "a local handle is one pointer");
inline rt_value rt_to(v8::Local<v8::Value> v) { return reinterpret_cast<rt_value>(*v); }
inline v8::Local<v8::Value> rt_local(rt_value v) {
  v8::Local<v8::Value> out;
  memcpy(static_cast<void*>(&out), &v, sizeof(v));
  return out;
}

// Stores what the TryCatch holds as the isolate's pending exception. Returns RT_EXCEPTION or RT_TERMINATED.
int rt_keep_exception(rt_isolate* rt, v8::TryCatch& tc);
// Notes on a SyntaxError that compiling or linking threw where it stands; it may be thrown again from elsewhere.
void rt_remember_where(rt_isolate* rt, v8::TryCatch& tc);
// [file, line, start column, end column, source line] of such an error, else undefined.
v8::Local<v8::Value> rt_where(v8::Isolate* iso, v8::Local<v8::Value> error);
// The frames of a stack as text: function, file, line and column of each, every one with a NUL behind it.
v8::Local<v8::String> rt_frames(v8::Isolate* iso, v8::Local<v8::StackTrace> stack);
// slots[*i] as a value; *i moves past it. Empty on exception.
v8::MaybeLocal<v8::Value> rt_decode(rt_isolate* rt, const rt_slot* slots, size_t n, size_t* i);
// Fills a slot from a value. Strings up to `limit` bytes are copied to the argument scratch, longer ones stay handles.
void rt_learn_types(rt_isolate* rt);
void rt_encode(rt_isolate* rt, v8::Local<v8::Value> v, rt_slot* out, size_t limit);
v8::Local<v8::String> rt_str(v8::Isolate* iso, const char* s);
v8::Local<v8::String> rt_sym(v8::Isolate* iso, const char* s);  // internalized
v8::Local<v8::Object> rt_ref_new(rt_isolate* rt, uint64_t id);
void rt_refs_dispose(rt_isolate* rt);
void rt_inspector_start(rt_isolate* rt, const char* context_name);
void rt_inspector_dispose(rt_isolate* rt);
void rt_inspector_context(rt_isolate* rt, v8::Local<v8::Context> context, v8::Local<v8::String> name, v8::Local<v8::String> origin);  // a context that debuggers should see
bool rt_ref_id(v8::Local<v8::Object> o, uint64_t* id);
void rt_report_dropped(rt_isolate* rt);
// UTF-8 as a string, malformed sequences as U+FFFD; empty when it is too long.
v8::MaybeLocal<v8::String> rt_utf8_string(v8::Isolate* iso, const uint8_t* p, size_t n);
v8::Local<v8::Uint8Array> rt_make_bytes(rt_isolate* rt, const char* p, size_t n, bool buffer);
v8::ArrayBuffer::Allocator* rt_new_allocator();  // allocator.cc
size_t rt_allocated(v8::ArrayBuffer::Allocator* a);  // and not freed, in bytes
size_t rt_allocated_since_collection(v8::ArrayBuffer::Allocator* a);
void rt_collection_done(v8::ArrayBuffer::Allocator* a);
// A collection at once. V8 allows it only under --expose-gc, a flag of the process: it is on for just this call, and a context made
// meanwhile by another thread waits, so that user code sees gc() only when it asked for the flag.
void rt_collect(v8::Isolate* iso, v8::Isolate::GarbageCollectionType type);
v8::Local<v8::Context> rt_new_context(v8::Isolate* iso, v8::MaybeLocal<v8::ObjectTemplate> global = {}, v8::MicrotaskQueue* queue = nullptr);
std::shared_ptr<rt_tasks> rt_tasks_new(v8::Isolate* iso, int wake_fd);
void rt_tasks_close(rt_tasks* t);
double rt_tasks_run(rt_isolate* rt);
rt_module* rt_module_of(rt_isolate* rt, int id);
rt_module* rt_module_arg(const v8::FunctionCallbackInfo<v8::Value>& info);
v8::Maybe<bool> rt_module_instantiate_graph(rt_isolate*, v8::Local<v8::Context>, v8::Local<v8::Module>);  // may run JS; fails with an exception
v8::MaybeLocal<v8::Module> rt_module_resolve(v8::Local<v8::Context>, v8::Local<v8::String> specifier, v8::Local<v8::FixedArray> attributes,
                                             v8::Local<v8::Module> referrer);
int rt_module_find(rt_isolate* rt, v8::Local<v8::Module> m);
v8::MaybeLocal<v8::Promise> rt_import_dynamically(v8::Local<v8::Context>, v8::Local<v8::Data>, v8::Local<v8::Value>, v8::Local<v8::String>,
                                                  v8::Local<v8::FixedArray>);
void rt_import_meta(v8::Local<v8::Context>, v8::Local<v8::Module>, v8::Local<v8::Object>);

// A C++ native of native:engine.
struct rt_builtin_native {
  const char* name;
  v8::FunctionCallback call;
  bool pure;  // kHasNoSideEffect
  const v8::CFunction* fast = nullptr;  // what optimised code calls without a frame of the API, when the arguments are of its types
};
// Each concept's table; natives.cc joins them.
void rt_natives_types(std::vector<rt_builtin_native>*);
void rt_natives_inspector(std::vector<rt_builtin_native>*);
void rt_natives_bytes(std::vector<rt_builtin_native>*);
void rt_natives_file(std::vector<rt_builtin_native>*);
void rt_natives_outbox(std::vector<rt_builtin_native>*);
void rt_natives_text(std::vector<rt_builtin_native>*);
void rt_natives_modules(std::vector<rt_builtin_native>*);
void rt_natives_scripts(std::vector<rt_builtin_native>*);
void rt_natives_serialize(std::vector<rt_builtin_native>*);
void rt_natives_heap(std::vector<rt_builtin_native>*);
void rt_profiling_dispose(rt_isolate* rt);
void rt_vitals_dispose(rt_isolate* rt);
void rt_natives_context(std::vector<rt_builtin_native>*);
bool rt_allow_wasm(v8::Local<v8::Context> context, v8::Local<v8::String>);
void rt_contexts_dispose(rt_isolate* rt);
void rt_shapes_dispose(rt_isolate* rt);
// While it lives, an exception is caught by us and thrown on, whatever V8 makes of our TryCatch: --abort-on-uncaught-exception doesn't act.
class rt_throws_on {
 public:
  explicit rt_throws_on(v8::Isolate* iso) : rt_(rt_from(iso)), before_(rt_->abort_on_uncaught) { rt_->abort_on_uncaught = false; }
  ~rt_throws_on() { rt_->abort_on_uncaught = before_; }

 private:
  rt_isolate* rt_;
  bool before_;
};
// While it lives, promises that V8 makes (for the evaluation of a builtin module) are hidden from async_hooks.
class rt_promise_hooks_pause {
 public:
  explicit rt_promise_hooks_pause(rt_isolate* rt);
  ~rt_promise_hooks_pause();

 private:
  rt_contexts* state_;
};
#endif
