// rt.h: the C ABI between Go and V8, beside Node-API (napi.h).
//
// Conventions of this header:
//  - A function that takes rt_isolate* runs on that isolate's thread, with the isolate entered and a handle scope open,
//    unless its comment says "any thread" or "opens a scope".
//  - An rt_value is a borrowed local handle: it dies with the innermost handle scope. NULL means that an exception is
//    pending: rt_exception_take fetches it.
//  - "may run JS" marks what can call user code: hold no lock, expect re-entry.
//  - C++ never keeps a Go pointer. Go is known by the integers rt_isolate.go and the index of a native.
#ifndef ROOST_RT_H_
#define ROOST_RT_H_
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rt_isolate rt_isolate;
typedef void* rt_value;  // == napi_value

// A slot is a value that crosses without a handle. Compound tags are followed by their parts in the same array.
enum {
  RT_UNDEFINED = 0,
  RT_NULL = 1,
  RT_FALSE = 2,
  RT_TRUE = 3,
  RT_NUMBER = 4,   // u.num
  RT_LATIN1 = 5,   // u.ptr, len bytes of ISO-8859-1; aux 1: all are below 0x80
  RT_UTF8 = 6,     // u.ptr, len bytes
  RT_BYTES = 7,    // u.ptr, len: memory of a view or ArrayBuffer (JS to Go: borrowed; Go to JS: copied to a Uint8Array)
  RT_BUFFER = 8,   // Go to JS only: as RT_BYTES, with Buffer's prototype
  RT_HANDLE = 9,   // u.handle; aux: one of RT_KIND_*
  RT_REF = 10,     // u.bits: id of a Go value
  RT_BIGINT = 11,  // u.bits as int64
  RT_ARRAY = 12,   // len elements follow
  RT_OBJECT = 13,  // len pairs (string slot, value) follow
  RT_FLOAT64S = 14,  // u.ptr, len doubles: Float64Array
  RT_ERROR = 15,   // the arguments of the error factory follow (len of them); yields the error object
  RT_THROW = 16,   // only as a native's result: like RT_ERROR or a handle (aux 1), and throws it
  RT_BIGUINT = 17, // u.bits as uint64
  RT_BIGINTS = 18, // u.ptr, len int64: BigInt64Array
  RT_ARRAYBUFFER = 19 // Go to JS: copied into an ArrayBuffer
};
enum { RT_KIND_OBJECT = 0, RT_KIND_STRING = 1, RT_KIND_FUNCTION = 2, RT_KIND_ARRAY = 3, RT_KIND_SYMBOL = 4, RT_KIND_BIGINT = 5 };
typedef struct {
  uint32_t tag;
  uint32_t aux;
  uint64_t len;
  union { double num; const char* ptr; uint64_t bits; rt_value handle; } u;
} rt_slot;

// What Go exports to C++.
//   rt_go_native: runs native `index` of the isolate `go`; args are borrowed; the result goes to *ret.
//   rt_go_ref_dropped: the JS object of Go value `id` was collected (called on the isolate's thread, outside GC).
// (declared in go_exports.go)

// Process-wide.
int rt_init(const char* flags);             // once, before any isolate; flags in V8's command-line form
void rt_abort(void);                        // abort(3) with the default action, past Go's handler; does not return
const char* rt_version(void);               // "13.6.233.10"
void rt_flush(void);                        // C's stdout, where V8 prints its traces
void rt_trim(void);                         // gives free memory of malloc's arenas back to the kernel; any thread
void rt_limit_arenas(int n);  // of C's heap; before threads allocate
void rt_set_flags(const char* flags);       // V8::SetFlagsFromString
// Sets the flags in argv[1..argc) that V8 knows and takes them out of argv; returns the new argc. Before rt_init.
int rt_filter_flags(char** argv, int argc);

typedef struct {
  uintptr_t go_;              // Go's name for the isolate
  int wake_fd;                // eventfd written when a foreground task is posted; -1: none
  uint64_t max_old_bytes;     // 0: V8's default for this machine's memory
  uint64_t max_young_bytes;   // 0: default
  uint64_t code_range_bytes;  // 0: default
  uint64_t stack_bytes;       // stack JavaScript may use, from the caller's frame down
  uint64_t physical_bytes;    // memory of machine or container, for the defaults
  const char* context_name;   // what debuggers call the main context; borrowed until rt_isolate_new returns; NULL: program and process
} rt_isolate_options;
rt_isolate* rt_isolate_new(const rt_isolate_options* options);  // enters it on this thread; makes the main context
void rt_isolate_dispose(rt_isolate* iso);                       // closes all handles; every ref is dropped
void rt_isolate_terminate(rt_isolate* iso);                     // any thread
void rt_isolate_cancel_terminate(rt_isolate* iso);              // any thread
int rt_isolate_is_terminating(rt_isolate* iso);
// Ends the innermost run of vm with breakOnSigint that is in progress, which throws then; 0: there is none. Any thread, while the isolate lives.
// On the isolate's thread rt_go_breakable(go, 1) is called when the first of such runs is about to begin, rt_go_breakable(go, 0) when the last has ended.
int rt_isolate_break(rt_isolate* iso);
// Foreground tasks of V8's platform. Returns milliseconds until the next delayed task, or -1. Opens a scope; may run JS.
int rt_isolate_await_workers(rt_isolate* iso);  // waits for what V8's threads do for user code; 1: foreground tasks are ready
double rt_isolate_run_tasks(rt_isolate* iso);
// Runs f(data) as a foreground task. Any thread.
void rt_post_foreground(rt_isolate* iso, void (*f)(void*), void* data);
// Go's halves of the two hooks that Node-API needs: an asynchronous operation keeps the loop alive. Loop thread.
void rt_request_begin(rt_isolate* iso);
void rt_request_end(rt_isolate* iso);
void rt_collect_garbage(rt_isolate* iso);   // full, for tests and --expose-gc
void rt_low_memory(rt_isolate* iso);

typedef struct { double total_heap_size, total_heap_size_executable, total_physical_size, total_available_size, used_heap_size,
  heap_size_limit, malloced_memory, peak_malloced_memory, does_zap_garbage, number_of_native_contexts, number_of_detached_contexts,
  total_global_handles_size, used_global_handles_size, external_memory, array_buffers; } rt_heap_stats;
void rt_heap_statistics(rt_isolate* iso, rt_heap_stats* out);

// The engine's part of a page of vitals, as package vitals has it (vitals.Engine); durations in nanoseconds, sizes in bytes.
enum { RT_VITALS_BUCKETS = 90, RT_VITALS_SPACES = 16, RT_VITALS_GC_KINDS = 4 };
typedef struct { uint64_t buckets[RT_VITALS_BUCKETS]; uint64_t sum, max; } rt_series;
typedef struct { char name[32]; uint64_t used, size, available; } rt_space;
typedef struct {
  uint64_t used, total, limit, external, buffers;
  rt_space spaces[RT_VITALS_SPACES];
  rt_series gc[RT_VITALS_GC_KINDS];  // minor, major, incremental, weakcb
} rt_vitals;
// Collections and sizes are written to page, which must outlive the isolate, from now on. The second call and later ones do nothing.
void rt_vitals_attach(rt_isolate* iso, rt_vitals* page);
// Writes the heap's sizes. Runs no JS.
void rt_vitals_sample(rt_isolate* iso);

// Scopes and persistent handles.
void* rt_scope_open(rt_isolate* iso);
void rt_scope_close(rt_isolate* iso, void* scope);
typedef struct rt_persistent rt_persistent;
rt_persistent* rt_persistent_new(rt_isolate* iso, rt_value v);
rt_value rt_persistent_get(rt_isolate* iso, rt_persistent* p);
void rt_persistent_delete(rt_isolate* iso, rt_persistent* p);

// Exceptions. After a NULL result or a status of RT_EXCEPTION.
enum { RT_OK = 0, RT_EXCEPTION = 1, RT_TERMINATED = 2 };
typedef struct {
  rt_value value;       // the thrown value (NULL when terminated)
  int terminated;
  int line, start, end; // 1-based line, 0-based columns of the throw; line 0: not known
  rt_slot file, source; // RT_UTF8 in scratch memory of the isolate, until the next rt call
} rt_exception;
int rt_exception_take(rt_isolate* iso, rt_exception* out);   // 0 when none was pending
void rt_exception_describe(rt_isolate* iso, rt_value error, rt_exception* out);  // location from the error object itself

// Natives. The function calls Go's native `index`.
rt_value rt_native_new(rt_isolate* iso, int index, const char* name, size_t name_len);
// An object with every C++ native (native:engine).
rt_value rt_engine_natives(rt_isolate* iso);
// Go gives a growing array of slots its strings live in: memory of the isolate that Go fills. Valid until the next crossing back.
char* rt_scratch(rt_isolate* iso, size_t n);        // at least n bytes, contents not kept
rt_slot* rt_scratch_slots(rt_isolate* iso, size_t n);

// Calls. rt_call runs inside JS or the main script; rt_call_top comes from the loop: opens a scope, then drains ticks and
// microtasks when the outermost call returns. fn NULL: drain alone. Both may run JS.
rt_value rt_call(rt_isolate* iso, rt_value fn, rt_value receiver, const rt_slot* args, size_t n);
int rt_call_top(rt_isolate* iso, rt_persistent* fn, const rt_slot* args, size_t n, rt_slot* result);
int rt_drain(rt_isolate* iso);
void rt_enter(rt_isolate* iso);   // the main script counts as a call from the loop: no drain inside it
void rt_leave(rt_isolate* iso);
rt_value rt_value_of(rt_isolate* iso, const rt_slot* slots, size_t n);  // builds the value of slots[0]
void rt_slot_of(rt_isolate* iso, rt_value v, rt_slot* out);             // the opposite; strings in scratch memory
size_t rt_string_utf8(rt_isolate* iso, rt_value v, char* out, size_t cap);  // cap 0: the length needed

// A string for the text of a source. It lies outside of the heap, and isolates share it; with lasting it is ASCII and stays where it is, in memory
// that lives as long as the process. NULL with an exception pending when it is too long.
rt_value rt_source_text(rt_isolate* iso, const char* utf8, size_t n, int lasting);
size_t rt_source_texts(void);  // how many are shared; any thread, for leak tests

// Properties, for Go's own set-up; NULL or 0 with an exception pending. May run JS (getters).
rt_value rt_get_named(rt_isolate* iso, rt_value object, const char* name, size_t n);
int rt_set_named(rt_isolate* iso, rt_value object, const char* name, size_t n, rt_value v);
rt_value rt_global(rt_isolate* iso);
rt_value rt_detail_string(rt_isolate* iso, rt_value v);   // error.stack, or the value as text; never NULL; may run JS
int rt_is_function(rt_value v);
// 0 pending, 1 fulfilled, 2 rejected, -1 not a promise. *result is its value or reason.
int rt_promise_state(rt_isolate* iso, rt_value promise, rt_value* result);
uint32_t rt_array_length(rt_value v);                     // 0 when v is no array
rt_value rt_array_get(rt_isolate* iso, rt_value v, uint32_t i);

// Hooks that JS registers through native:engine.setCallback(which, fn).
enum { RT_CB_TICK = 0, RT_CB_PROMISE_REJECT, RT_CB_PREPARE_STACK, RT_CB_IMPORT_DYNAMIC, RT_CB_IMPORT_META, RT_CB_ERROR_FACTORY,
       RT_CB_WEAK, RT_CB_HOST_OBJECT_WRITE, RT_CB_HOST_OBJECT_READ, RT_CB_COLLECTED, RT_CB_COUNT };
// tick_info[0]: a tick is scheduled; [1]: a rejection waits; [2]: the call from the loop in progress is the outermost, so that it may run ticks
// itself at its end, which costs less than that rt_call_top enters JavaScript for them. Shared with JS as native:engine.tickInfo.
uint8_t* rt_tick_info(rt_isolate* iso);

// Where JavaScript puts small writes to one stream, instead of calling Go for each (outbox.cc). Go says which stream it is, and takes the bytes; or
// they go to its socket at once. [3] of tick_info: there is such a stream.
enum { RT_OUTBOX_BYTES = 16 << 10 };
typedef struct {
  int32_t lock;    // guards used and bytes; who finds it taken goes another way, or waits a moment
  int32_t stream;  // 0: none; isolate's thread only, as the next three
  int32_t fd;      // a socket to send to at once; -1: the bytes wait here
  uint32_t given;  // how many bytes came since stream was set
  uint32_t kept;   // and waited here
  uint32_t used;
  uint8_t bytes[RT_OUTBOX_BYTES];
} rt_outbox;
void rt_outbox_use(rt_isolate* iso, rt_outbox* box);  // box must live as long as the isolate

// Scripts and functions. cached may be NULL; *rejected is set when V8 refused it. host_defined: a primitive that the dynamic
// import hook gets back (NULL: undefined).
rt_value rt_compile_function(rt_isolate* iso, rt_value source, rt_value file, int line, int column, const char* const* params, size_t nparams,
                             const uint8_t* cached, size_t ncached, int* rejected, rt_value host_defined);
// Owned by the caller: rt_free_cache.
uint8_t* rt_function_cache(rt_isolate* iso, rt_value fn, size_t* n);
void rt_free_cache(uint8_t* p);
uint32_t rt_cache_version(void);
rt_value rt_run_script(rt_isolate* iso, rt_value source, rt_value file, int line, int column, rt_value host_defined);  // may run JS

// ES modules are known by positive ids of the isolate. 0: exception.
int rt_module_compile(rt_isolate* iso, rt_value source, rt_value url, int line, int column, const uint8_t* cached, size_t ncached, int* rejected,
                      rt_value host_defined);
int rt_module_synthetic(rt_isolate* iso, rt_value url, rt_value names /* array */, rt_value evaluate /* function(id) or NULL */);
int rt_module_set_export(rt_isolate* iso, int id, rt_value name, rt_value v);
rt_value rt_module_requests(rt_isolate* iso, int id);   // array: [specifier, attributes object or undefined, phase, ...]
int rt_module_request_count(rt_isolate* iso, int id);
size_t rt_module_request(rt_isolate* iso, int id, int i, char* out, size_t cap);  // UTF-8 specifier
int rt_module_link(rt_isolate* iso, int id, const int* ids, size_t n);   // one id a request, in their order
int rt_module_instantiate(rt_isolate* iso, int id);
rt_value rt_module_evaluate(rt_isolate* iso, int id);   // promise; may run JS
rt_value rt_module_namespace(rt_isolate* iso, int id);
int rt_module_status(rt_isolate* iso, int id);          // v8::Module::Status
rt_value rt_module_error(rt_isolate* iso, int id);
uint8_t* rt_module_cache(rt_isolate* iso, int id, size_t* n);
void rt_module_release(rt_isolate* iso, int id);

// Packets: serialized values on their way between isolates, by number. A packet ends with its last reference. Any thread.
void rt_packet_retain(uint64_t packet, int n);
void rt_packet_release(uint64_t packet);

// Worker threads. rt_isolate_stop_at_heap_limit: an isolate that runs out of heap is terminated instead of ending the process; call it on
// the isolate's thread, after rt_isolate_new. rt_isolate_heap_limit_hit: it was (any thread).
void rt_isolate_stop_at_heap_limit(rt_isolate* iso);
int rt_isolate_heap_limit_hit(rt_isolate* iso);
// From now on rt_go_near_heap_limit(go, current, initial) is asked first when the heap comes near its limit: it gives the new limit in bytes,
// current for no more. It is called in the middle of an allocation and must run no JavaScript; it may take a heap snapshot, during which it is
// called again. The isolate's thread, after rt_isolate_new.
void rt_isolate_watch_heap_limit(rt_isolate* iso);
// What JavaScript does at the moment, at most depth frames: text of function, file, line and column of each, every one with a NUL behind it. A scope
// must be open; in an interrupt too.
rt_value rt_stack(rt_isolate* iso, int depth);
// Ends the process as a heap does that can't grow. The isolate's thread.
void rt_out_of_memory(void);
// Calls rt_go_interrupt(go, token) on the isolate's thread in the middle of running JavaScript, if it runs any. Any thread, while the
// isolate lives.
void rt_isolate_interrupt(rt_isolate* iso, uint64_t token);
// The inspector's sessions of Go, by number above 0. rt_inspector_dispatch takes a message in UTF-8; may run JS, and may be called in an interrupt and while paused.
// 0: the message has to wait for the end of the dispatch in the middle of which it came.
// rt_inspector_break_next pauses all of Go's sessions at the next statement.
// Answers and notifications come by rt_go_inspector_message(go, session, utf8, n), which borrows the text. rt_go_inspector_event(go, what):
// RT_INSPECTOR_PAUSED returns when the program is to go on, RT_INSPECTOR_RESUMED says that it is, RT_INSPECTOR_RUN that it need not wait any more.
enum { RT_INSPECTOR_PAUSED = 0, RT_INSPECTOR_RESUMED = 1, RT_INSPECTOR_RUN = 2 };
void rt_inspector_connect(rt_isolate* iso, int session);
int rt_inspector_dispatch(rt_isolate* iso, int session, const char* utf8, size_t n);
void rt_inspector_disconnect(rt_isolate* iso, int session);
void rt_inspector_break_next(rt_isolate* iso);
void rt_inspector_context_destroyed(rt_isolate* iso);  // tells sessions that the main context is gone, as the program ends
// Bytes of stack between the caller's frame and the end of the thread's stack; 0 when not known.
size_t rt_stack_room(void);
// V8's default limits for a machine with so much memory, in bytes.
void rt_default_limits(uint64_t physical, uint64_t* old_bytes, uint64_t* young_bytes, uint64_t* code_bytes);
// Writes a heap snapshot (DevTools' JSON) through rt_go_snapshot(token, data, size). Isolate's thread, outside JavaScript or in a native.
int rt_isolate_heap_snapshot(rt_isolate* iso, uint64_t token, int internals, int numeric);

// Array buffers. A pin keeps the memory alive (not its contents) from any thread until released.
typedef struct rt_pin rt_pin;
rt_pin* rt_pin_new(rt_isolate* iso, rt_value view_or_buffer, char** data, size_t* len);
void rt_pin_release(rt_pin* p);   // any thread
// Makes an ArrayBuffer of n bytes (zeroed unless uninitialised) and gives its memory.
rt_value rt_arraybuffer_new(rt_isolate* iso, size_t n, int zero, char** data);

#ifdef __cplusplus
}
#endif
#endif
