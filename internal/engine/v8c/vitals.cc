// vitals.cc: what the engine shows of itself in shared memory (package vitals): collections as they happen, the heap's sizes now and then.
// Nothing crosses to Go: V8's callbacks write where a reader in another process looks.
#include <v8-statistics.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>

#include "rt_internal.h"

using namespace v8;

static_assert(sizeof(rt_vitals) == 8 * 5 + 56 * RT_VITALS_SPACES + 8 * RT_VITALS_GC_KINDS * (RT_VITALS_BUCKETS + 2), "as package vitals has it");

struct rt_vitals_state {
  rt_vitals* page;
  uint64_t began[RT_VITALS_GC_KINDS];  // 0: it isn't under way
  uint64_t sampled = 0;
};

namespace {
uint64_t Nanos() { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// A word that another process reads.
void Put(uint64_t* at, uint64_t n) { __atomic_store_n(at, n, __ATOMIC_RELAXED); }

// The upper bounds of the buckets: four to each doubling, from 8 microseconds (vitals.Bound).
const uint64_t* Bounds() {
  static const auto bounds = [] {
    static uint64_t out[RT_VITALS_BUCKETS];
    for (int k = 0; k < RT_VITALS_BUCKETS; k++) out[k] = (uint64_t)(8000.0 * std::exp2(k / 4.0));
    return out;
  }();
  return bounds;
}

void Count(rt_series* s, uint64_t nanos) {
  const uint64_t* bounds = Bounds();
  size_t k = std::lower_bound(bounds, bounds + RT_VITALS_BUCKETS - 1, nanos) - bounds;
  Put(&s->buckets[k], s->buckets[k] + 1);
  Put(&s->sum, s->sum + nanos);
  if (nanos > s->max) Put(&s->max, nanos);
}

// The kinds in their order on the page.
int KindOf(GCType type) {
  switch (type) {
    case kGCTypeScavenge:
    case kGCTypeMinorMarkSweep: return 0;
    case kGCTypeMarkSweepCompact: return 1;
    case kGCTypeIncrementalMarking: return 2;
    case kGCTypeProcessWeakCallbacks: return 3;
    default: return -1;
  }
}

void Sample(Isolate* iso, rt_vitals_state* v) {
  v->sampled = Nanos();
  HeapStatistics s;
  iso->GetHeapStatistics(&s);
  rt_vitals* page = v->page;
  Put(&page->used, s.used_heap_size());
  Put(&page->total, s.total_heap_size());
  Put(&page->limit, s.heap_size_limit());
  Put(&page->external, s.external_memory());
  Put(&page->buffers, rt_allocated(rt_from(iso)->allocator.get()));
  size_t n = std::min<size_t>(iso->NumberOfHeapSpaces(), RT_VITALS_SPACES);
  for (size_t k = 0; k < n; k++) {
    HeapSpaceStatistics space;
    if (!iso->GetHeapSpaceStatistics(&space, k)) continue;
    rt_space* out = &page->spaces[k];
    Put(&out->used, space.space_used_size());
    Put(&out->size, space.space_size());
    Put(&out->available, space.space_available_size());
    if (out->name[0]) continue;
    const char* name = space.space_name();
    size_t length = strlen(name), ending = strlen("_space");
    if (length > ending && !strcmp(name + length - ending, "_space")) length -= ending;
    memcpy(out->name, name, std::min(length, sizeof(out->name) - 1));
  }
}

void Begins(Isolate*, GCType type, GCCallbackFlags, void* data) {
  int kind = KindOf(type);
  if (kind >= 0) static_cast<rt_vitals_state*>(data)->began[kind] = Nanos();
}

// Sizes may be this old after a collection of the young generation: there can be a thousand of them in a second.
const uint64_t kFresh = 250'000'000;

void Ends(Isolate* iso, GCType type, GCCallbackFlags, void* data) {
  auto v = static_cast<rt_vitals_state*>(data);
  int kind = KindOf(type);
  if (kind < 0 || v->began[kind] == 0) return;
  uint64_t now = Nanos();
  Count(&v->page->gc[kind], now - v->began[kind]);
  v->began[kind] = 0;
  if (kind == 1 || now - v->sampled > kFresh) Sample(iso, v);
}
}  // namespace

void rt_vitals_attach(rt_isolate* rt, rt_vitals* page) {
  if (rt->vitals) return;
  rt->vitals = new rt_vitals_state{page, {}};
  rt->iso->AddGCPrologueCallback(Begins, rt->vitals);
  rt->iso->AddGCEpilogueCallback(Ends, rt->vitals);
}

void rt_vitals_sample(rt_isolate* rt) {
  if (rt->vitals) Sample(rt->iso, rt->vitals);
}

void rt_vitals_dispose(rt_isolate* rt) {
  if (!rt->vitals) return;
  rt->iso->RemoveGCPrologueCallback(Begins, rt->vitals);
  rt->iso->RemoveGCEpilogueCallback(Ends, rt->vitals);
  delete rt->vitals;
  rt->vitals = nullptr;
}
