// thread.cc: what an isolate needs that is not the only one of its process: limits that end it instead of the process, interrupts.
#include <pthread.h>
#include <v8-profiler.h>

#include <atomic>
#include <mutex>
#include <unordered_map>

#include "_cgo_export.h"
#include "rt_internal.h"

using namespace v8;

namespace {

// Heap that a terminated isolate may still use until its JavaScript has unwound.
const size_t kUnwindHeap = 32 << 20;

// How often it gets that. V8 leaves the check for a termination out of loops that call only builtins: such a loop would collect garbage for
// ever, in a heap that grows by what it is given. Beyond the last time the process ends, as it does for Node.
const int kUnwindTimes = 4;

size_t OnNearHeapLimit(void* data, size_t current, size_t initial) {
  auto rt = static_cast<rt_isolate*>(data);
  if (rt->asks_near_limit) {
    uint64_t wanted = rt_go_near_heap_limit(rt->go, current, initial);
    if (wanted > current) return wanted;
  }
  if (!rt->stops_at_limit) return current;
  if (__atomic_fetch_add(&rt->heap_limit_hits, 1, __ATOMIC_RELAXED) >= kUnwindTimes) return current;
  rt->iso->TerminateExecution();
  return current + kUnwindHeap;
}

void Watch(rt_isolate* rt) {
  if (!rt->near_limit) rt->iso->AddNearHeapLimitCallback(OnNearHeapLimit, rt);
  rt->near_limit = true;
}

struct Interrupt {
  uintptr_t go;
  uint64_t token;
};
void OnInterrupt(Isolate*, void* data) {
  std::unique_ptr<Interrupt> i(static_cast<Interrupt*>(data));
  rt_go_interrupt(i->go, i->token);
}

class Stream : public OutputStream {
 public:
  explicit Stream(uint64_t token) : token_(token) {}
  void EndOfStream() override {}
  int GetChunkSize() override { return 64 << 10; }
  WriteResult WriteAsciiChunk(char* data, int size) override {
    rt_go_snapshot(token_, data, size);
    return kContinue;
  }

 private:
  uint64_t token_;
};

}  // namespace

extern "C" {

void rt_isolate_stop_at_heap_limit(rt_isolate* rt) {
  rt->stops_at_limit = true;
  Watch(rt);
}
void rt_isolate_watch_heap_limit(rt_isolate* rt) {
  rt->asks_near_limit = true;
  Watch(rt);
}
int rt_isolate_heap_limit_hit(rt_isolate* rt) { return __atomic_load_n(&rt->heap_limit_hits, __ATOMIC_RELAXED) > 0; }

// An interrupt that never runs, because no JavaScript does any more, is lost with its few bytes.
void rt_isolate_interrupt(rt_isolate* rt, uint64_t token) { rt->iso->RequestInterrupt(OnInterrupt, new Interrupt{rt->go, token}); }

rt_value rt_stack(rt_isolate* rt, int depth) {
  return rt_to(rt_frames(rt->iso, StackTrace::CurrentStackTrace(rt->iso, depth, StackTrace::kDetailed)));
}

size_t rt_stack_room(void) {
#ifdef __linux__
  pthread_attr_t attr;
  if (pthread_getattr_np(pthread_self(), &attr) != 0) return 0;
  void* low = nullptr;
  size_t size = 0;
  pthread_attr_getstack(&attr, &low, &size);
  pthread_attr_destroy(&attr);
  uintptr_t here = reinterpret_cast<uintptr_t>(&attr), bottom = reinterpret_cast<uintptr_t>(low);
  return here > bottom && here - bottom <= size ? here - bottom : 0;
#else
  return 0;
#endif
}

void rt_default_limits(uint64_t physical, uint64_t* old_bytes, uint64_t* young_bytes, uint64_t* code_bytes) {
  ResourceConstraints c;
  c.ConfigureDefaults(physical ? physical : (uint64_t)4 << 30, 0);
  *old_bytes = c.max_old_generation_size_in_bytes();
  *young_bytes = c.max_young_generation_size_in_bytes();
  *code_bytes = c.code_range_size_in_bytes();
}

int rt_isolate_heap_snapshot(rt_isolate* rt, uint64_t token, int internals, int numeric) {
  HeapProfiler* profiler = rt->iso->GetHeapProfiler();
  HeapProfiler::HeapSnapshotOptions options;
  options.snapshot_mode = internals ? HeapProfiler::HeapSnapshotMode::kExposeInternals : HeapProfiler::HeapSnapshotMode::kRegular;
  options.numerics_mode = numeric ? HeapProfiler::NumericsMode::kExposeNumericValues : HeapProfiler::NumericsMode::kHideNumericValues;
  const HeapSnapshot* snapshot = profiler->TakeHeapSnapshot(options);
  if (!snapshot) return 0;
  Stream stream(token);
  snapshot->Serialize(&stream, HeapSnapshot::kJSON);
  const_cast<HeapSnapshot*>(snapshot)->Delete();
  return 1;
}
}
