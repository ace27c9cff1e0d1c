// allocator.cc: memory of array buffers. With V8's sandbox on it must come from V8's own allocator, which maps and unmaps pages for
// each buffer; buffers of a server are small and short-lived. This one takes large blocks from it and keeps free lists by size class.
//
// One arena serves the process: backing stores move between isolates and are freed on V8's own threads.
#include <atomic>
#include <cstring>
#include <mutex>

#include "rt_internal.h"

using namespace v8;

namespace {

const size_t kSmallest = 64;
const size_t kLargest = 128 << 10;  // larger buffers go to V8's allocator directly
const size_t kBlock = 1 << 20;
const int kClasses = 45;            // four a doubling, from 64 bytes to 128 KiB

// The class of a size: sizes 2^k, 1.25 * 2^k, 1.5 * 2^k, 1.75 * 2^k.
int ClassOf(size_t n) {
  if (n <= kSmallest) return 0;
  int log = 63 - __builtin_clzll(n - 1);  // 2^log <= n-1 < 2^(log+1)
  size_t base = (size_t)1 << log;
  size_t quarter = base >> 2;
  int step = (int)((n - base + quarter - 1) / quarter);  // 1..4
  return (log - 6) * 4 + step;
}
size_t SizeOf(int c) {
  size_t base = kSmallest << (c / 4);
  return base + (base >> 2) * (c % 4);
}

struct Node {
  Node* next;
};

class Arena {
 public:
  Arena() : pages_(ArrayBuffer::Allocator::NewDefaultAllocator()) {}

  void* Allocate(size_t n, bool zero) {
    if (n > kLargest) return zero ? pages_->Allocate(n) : pages_->AllocateUninitialized(n);
    int c = ClassOf(n);
    void* p;
    {
      std::lock_guard<std::mutex> lock(mu_);
      if (Node* node = free_[c]) {
        free_[c] = node->next;
        p = node;
      } else {
        size_t size = SizeOf(c);
        if (left_ < size) {
          size_t want = kBlock;
          char* block = static_cast<char*>(pages_->AllocateUninitialized(want));
          if (!block) return nullptr;
          at_ = block;
          left_ = want;
        }
        p = at_;
        at_ += size;
        left_ -= size;
      }
    }
    if (zero) memset(p, 0, n);
    return p;
  }
  void Free(void* p, size_t n) {
    if (n > kLargest) {
      pages_->Free(p, n);
      return;
    }
    int c = ClassOf(n);
    Node* node = static_cast<Node*>(p);
    std::lock_guard<std::mutex> lock(mu_);
    node->next = free_[c];
    free_[c] = node;
  }

 private:
  std::unique_ptr<ArrayBuffer::Allocator> pages_;
  std::mutex mu_;
  Node* free_[kClasses + 1] = {};  // guarded by mu_
  char* at_ = nullptr;             // guarded by mu_; the rest of the newest block
  size_t left_ = 0;                // guarded by mu_
};

Arena* arena() {
  static Arena* a = new Arena;  // as long as the process: stores may outlive isolates
  return a;
}

// One an isolate: it counts what was allocated, for two questions. How much since the last collection: V8 counts too, but lets 64 MB of young
// buffers pass before it collects them, which a server that streams files would show as resident memory. And how much is there
// (process.memoryUsage().arrayBuffers): of a store that moved to another isolate, with the one that made it.
class Allocator : public ArrayBuffer::Allocator {
 public:
  void* Allocate(size_t n) override { return Count(arena()->Allocate(n, true), n); }
  void* AllocateUninitialized(size_t n) override { return Count(arena()->Allocate(n, false), n); }
  void Free(void* p, size_t n) override {
    if (!p) return;
    freed_.fetch_add(n, std::memory_order_relaxed);
    arena()->Free(p, n);
  }

  size_t present() const {
    size_t freed = freed_.load(std::memory_order_relaxed), all = allocated_.load(std::memory_order_relaxed);
    return all > freed ? all - freed : 0;
  }
  size_t since() const { return allocated_.load(std::memory_order_relaxed) - collected_; }
  void Collected() { collected_ = allocated_.load(std::memory_order_relaxed); }

 private:
  void* Count(void* p, size_t n) {
    if (p) allocated_.fetch_add(n, std::memory_order_relaxed);
    return p;
  }
  // Since the beginning. V8's own threads free, so that the two are kept in lines of their own.
  alignas(64) std::atomic<size_t> allocated_{0};
  size_t collected_ = 0;  // allocated_ at the last collection; isolate's thread only
  alignas(64) std::atomic<size_t> freed_{0};
};

Allocator* Of(ArrayBuffer::Allocator* a) { return static_cast<Allocator*>(a); }

}  // namespace

ArrayBuffer::Allocator* rt_new_allocator() { return new Allocator; }
size_t rt_allocated(ArrayBuffer::Allocator* a) { return Of(a)->present(); }
size_t rt_allocated_since_collection(ArrayBuffer::Allocator* a) { return Of(a)->since(); }
void rt_collection_done(ArrayBuffer::Allocator* a) { Of(a)->Collected(); }
