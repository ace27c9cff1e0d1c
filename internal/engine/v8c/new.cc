// new.cc: C++'s small objects go back to a list of the thread that deletes them. docs/rationale.md, "Why has the engine its own operator new?".
// glibc keeps seven free blocks of a size for each thread; a collection frees the objects behind thousands of array buffers at once.
#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>

#include <new>

namespace {

constexpr size_t kClasses = 8, kSmallest = 24, kStep = 16;  // 24, 40, ... 136 bytes: what fits in a block of glibc's
constexpr size_t kMost = 1 << 20;                           // bytes that a thread keeps

struct Block {
  Block* next;
};

// Every block is malloc's, so that it may be freed by free() too, by whoever doesn't come by here.
struct Cache {
  Block* free[kClasses];
  size_t bytes;
  bool watched;  // emptied when the thread ends
  bool closed;   // by then nothing is kept any more
};
constinit thread_local Cache cache;

struct Watch {
  ~Watch() {
    cache.closed = true;
    for (Block*& first : cache.free) {
      while (Block* b = first) {
        first = b->next;
        free(b);
      }
    }
  }
};

__attribute__((noinline)) bool StartWatch() {
  if (cache.closed) return false;
  cache.watched = true;
  static thread_local Watch watch;
  (void)&watch;
  return true;
}

__attribute__((noinline)) void* Fresh(size_t n) {
  for (;;) {
    if (void* p = malloc(n)) return p;
    std::new_handler handler = std::get_new_handler();
    if (!handler) throw std::bad_alloc();
    handler();
  }
}

inline void* Take(size_t n) {
  size_t c = n <= kSmallest ? 0 : (n - kSmallest + kStep - 1) / kStep;
  if (c < kClasses) {
    if (Block* b = cache.free[c]) {
      cache.free[c] = b->next;
      cache.bytes -= kSmallest + c * kStep;
      return b;
    }
  }
  return Fresh(n ? n : 1);
}

inline void Keep(void* p) {
  if (!p) return;
  size_t usable = malloc_usable_size(p);
  size_t c = (usable - kSmallest) / kStep;
  if (usable < kSmallest || c >= kClasses || cache.bytes >= kMost || (!cache.watched && !StartWatch())) {
    free(p);
    return;
  }
  Block* b = static_cast<Block*>(p);
  b->next = cache.free[c];
  cache.free[c] = b;
  cache.bytes += kSmallest + c * kStep;
}

}  // namespace

// Of V8 and what is linked with it. The forms for arrays, for alignment and without exceptions stay the standard library's, and so do addons.
void* operator new(size_t n) { return Take(n); }
void operator delete(void* p) noexcept { Keep(p); }
void operator delete(void* p, size_t) noexcept { Keep(p); }
#endif
