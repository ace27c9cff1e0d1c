// platform.cc: V8's platform. Background work runs on V8's own worker threads; foreground tasks are queued per isolate and the
// loop is woken through its eventfd, so nothing is polled.
#include <libplatform/libplatform.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <string>

#include "rt_internal.h"

using v8::Isolate;
using v8::Task;

namespace {
double Monotonic() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
struct Delayed {
  double due;
  uint64_t order;
  std::unique_ptr<Task> task;
};
bool Later(const Delayed& a, const Delayed& b) { return a.due != b.due ? a.due > b.due : a.order > b.order; }
}  // namespace

// rt_tasks is the foreground task runner of one isolate. Any thread posts, the isolate's thread runs.
struct rt_tasks : public v8::TaskRunner {
  std::mutex mu;
  std::deque<std::unique_ptr<Task>> ready;  // guarded by mu
  std::vector<Delayed> delayed;             // guarded by mu; a heap by due time
  uint64_t order = 0;                       // guarded by mu
  bool closed = false;                      // guarded by mu
  int wake_fd = -1;
  int nesting = 0;  // isolate's thread only

  // mu must be held: after rt_tasks_close the descriptor may belong to somebody else.
  void Wake() {
    if (wake_fd < 0) return;
    uint64_t one = 1;
    ssize_t n = write(wake_fd, &one, sizeof one);
    (void)n;  // EAGAIN: the counter is full, so the loop is awake anyway
  }
  void Push(std::unique_ptr<Task> task) {
    {
      std::lock_guard<std::mutex> lock(mu);
      if (closed) return;
      ready.push_back(std::move(task));
      Wake();
    }
  }
  void PushDelayed(std::unique_ptr<Task> task, double seconds) {
    {
      std::lock_guard<std::mutex> lock(mu);
      if (closed) return;
      delayed.push_back(Delayed{Monotonic() + seconds, order++, std::move(task)});
      std::push_heap(delayed.begin(), delayed.end(), Later);
      Wake();
    }
  }
  bool IdleTasksEnabled() override { return false; }
  bool NonNestableTasksEnabled() const override { return true; }
  bool NonNestableDelayedTasksEnabled() const override { return true; }
  void PostTaskImpl(std::unique_ptr<Task> t, const v8::SourceLocation&) override { Push(std::move(t)); }
  void PostNonNestableTaskImpl(std::unique_ptr<Task> t, const v8::SourceLocation&) override { Push(std::move(t)); }
  void PostDelayedTaskImpl(std::unique_ptr<Task> t, double s, const v8::SourceLocation&) override { PushDelayed(std::move(t), s); }
  void PostNonNestableDelayedTaskImpl(std::unique_ptr<Task> t, double s, const v8::SourceLocation&) override {
    PushDelayed(std::move(t), s);
  }
  void PostIdleTaskImpl(std::unique_ptr<v8::IdleTask>, const v8::SourceLocation&) override {}
};

namespace {
// How many tasks V8's worker threads have and have not finished, the delayed ones left out.
class Outstanding {
 public:
  void Begin() {
    std::lock_guard<std::mutex> lock(mu_);
    count_++;
  }
  void End() {
    std::lock_guard<std::mutex> lock(mu_);
    if (--count_ == 0) none_.notify_all();
  }
  void Wait() {
    std::unique_lock<std::mutex> lock(mu_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mu_;
  std::condition_variable none_;
  int count_ = 0;  // guarded by mu_
};

class CountedTask : public Task {
 public:
  CountedTask(Outstanding* outstanding, std::unique_ptr<Task> task) : outstanding_(outstanding), task_(std::move(task)) { outstanding_->Begin(); }
  ~CountedTask() override {
    task_.reset();
    outstanding_->End();
  }
  void Run() override { task_->Run(); }

 private:
  Outstanding* outstanding_;
  std::unique_ptr<Task> task_;
};

class Platform : public v8::Platform {
 public:
  void WaitForWorkers() { outstanding_.Wait(); }
  Platform() : workers_(v8::platform::NewDefaultPlatform(0)) {}
  v8::PageAllocator* GetPageAllocator() override { return workers_->GetPageAllocator(); }
  v8::ThreadIsolatedAllocator* GetThreadIsolatedAllocator() override { return workers_->GetThreadIsolatedAllocator(); }
  int NumberOfWorkerThreads() override { return workers_->NumberOfWorkerThreads(); }
  std::shared_ptr<v8::TaskRunner> GetForegroundTaskRunner(Isolate* iso, v8::TaskPriority) override {
    std::lock_guard<std::mutex> lock(mu_);
    auto& runner = runners_[iso];
    if (!runner) runner = std::make_shared<rt_tasks>();
    return runner;
  }
  std::shared_ptr<rt_tasks> Adopt(Isolate* iso, int wake_fd) {
    std::lock_guard<std::mutex> lock(mu_);
    // An earlier isolate at this address may have left one.
    auto runner = std::make_shared<rt_tasks>();
    runner->wake_fd = wake_fd;
    runners_[iso] = runner;
    return runner;
  }
  void Forget(rt_tasks* t) {
    std::lock_guard<std::mutex> lock(mu_);
    for (auto i = runners_.begin(); i != runners_.end(); ++i) {
      if (i->second.get() == t) {
        runners_.erase(i);
        return;
      }
    }
  }
  double MonotonicallyIncreasingTime() override { return Monotonic(); }
  double CurrentClockTimeMillis() override { return workers_->CurrentClockTimeMillis(); }
  v8::TracingController* GetTracingController() override { return workers_->GetTracingController(); }

 protected:
  std::unique_ptr<v8::JobHandle> CreateJobImpl(v8::TaskPriority priority, std::unique_ptr<v8::JobTask> job,
                                               const v8::SourceLocation&) override {
    return v8::platform::NewDefaultJobHandle(this, priority, std::move(job), NumberOfWorkerThreads());
  }
  void PostTaskOnWorkerThreadImpl(v8::TaskPriority priority, std::unique_ptr<Task> task, const v8::SourceLocation&) override {
    workers_->PostTaskOnWorkerThread(priority, std::make_unique<CountedTask>(&outstanding_, std::move(task)));
  }
  void PostDelayedTaskOnWorkerThreadImpl(v8::TaskPriority priority, std::unique_ptr<Task> task, double delay,
                                         const v8::SourceLocation&) override {
    workers_->PostDelayedTaskOnWorkerThread(priority, std::move(task), delay);
  }

 private:
  Outstanding outstanding_;
  std::unique_ptr<v8::Platform> workers_;
  std::mutex mu_;
  std::unordered_map<Isolate*, std::shared_ptr<rt_tasks>> runners_;  // guarded by mu_
};
Platform* platform = nullptr;  // set once by rt_init; lives as long as the process

class FunctionTask : public Task {
 public:
  FunctionTask(void (*f)(void*), void* data) : f_(f), data_(data) {}
  void Run() override { f_(data_); }

 private:
  void (*f_)(void*);
  void* data_;
};
}  // namespace

std::shared_ptr<rt_tasks> rt_tasks_new(Isolate* iso, int wake_fd) { return platform->Adopt(iso, wake_fd); }

void rt_tasks_close(rt_tasks* t) {
  platform->Forget(t);
  std::deque<std::unique_ptr<Task>> ready;
  std::vector<Delayed> delayed;
  std::lock_guard<std::mutex> lock(t->mu);
  t->closed = true;
  t->wake_fd = -1;
  ready.swap(t->ready);
  delayed.swap(t->delayed);
}

double rt_tasks_run(rt_isolate* rt) {
  std::shared_ptr<rt_tasks> t = rt->tasks;
  if (!t) return -1;
  if (t->nesting) return -1;
  t->nesting++;
  // What a task posts waits for the next run, so that a task that posts itself can't hold the loop.
  std::deque<std::unique_ptr<Task>> batch;
  {
    std::lock_guard<std::mutex> lock(t->mu);
    double now = Monotonic();
    batch.swap(t->ready);
    while (!t->delayed.empty() && t->delayed.front().due <= now) {
      std::pop_heap(t->delayed.begin(), t->delayed.end(), Later);
      batch.push_back(std::move(t->delayed.back().task));
      t->delayed.pop_back();
    }
  }
  for (auto& task : batch) {
    v8::HandleScope scope(rt->iso);
    v8::Context::Scope context(rt->ctx());
    task->Run();
    task.reset();
  }
  t->nesting--;
  std::lock_guard<std::mutex> lock(t->mu);
  if (!t->ready.empty()) return 0;
  if (t->delayed.empty()) return -1;
  return std::max(0.0, (t->delayed.front().due - Monotonic()) * 1000);
}

namespace {
std::mutex gc_flag_mutex;
bool gc_flag = false;  // user code asked for --expose-gc; guarded by gc_flag_mutex once there are isolates

// The last --expose-gc or --no-expose-gc in flags counts.
void NoteExposeGC(const char* flags) {
  std::string text(flags);
  std::replace(text.begin(), text.end(), '_', '-');
  for (size_t at = 0; (at = text.find("expose-gc", at)) != std::string::npos; at += 9) {
    char after = at + 9 < text.size() ? text[at + 9] : ' ';
    if (after != ' ' && after != '=') continue;
    gc_flag = at < 3 || text.compare(at - 3, 3, "no-") != 0;
  }
}
}  // namespace

void rt_collect(v8::Isolate* iso, v8::Isolate::GarbageCollectionType type) {
  std::lock_guard<std::mutex> lock(gc_flag_mutex);
  if (!gc_flag) v8::V8::SetFlagsFromString("--expose-gc");
  iso->RequestGarbageCollectionForTesting(type);
  if (!gc_flag) v8::V8::SetFlagsFromString("--no-expose-gc");
}
v8::Local<v8::Context> rt_new_context(v8::Isolate* iso, v8::MaybeLocal<v8::ObjectTemplate> global, v8::MicrotaskQueue* queue) {
  std::lock_guard<std::mutex> lock(gc_flag_mutex);
  return v8::Context::New(iso, nullptr, global, v8::MaybeLocal<v8::Value>(), v8::DeserializeInternalFieldsCallback(), queue);
}

extern "C" {

int rt_init(const char* flags) {
  if (platform) return 0;
  platform = new Platform();
  if (flags && *flags) rt_set_flags(flags);
  v8::V8::InitializePlatform(platform);
  v8::V8::Initialize();
  return 1;
}
const char* rt_version(void) { return v8::V8::GetVersion(); }
int rt_filter_flags(char** argv, int argc) {
  int n = argc;
  for (int i = 0; i < argc; i++) NoteExposeGC(argv[i]);
  v8::V8::SetFlagsFromCommandLine(&n, argv, true);
  return n;
}
void rt_set_flags(const char* flags) {
  std::lock_guard<std::mutex> lock(gc_flag_mutex);
  NoteExposeGC(flags);
  v8::V8::SetFlagsFromString(flags);
}
void rt_flush(void) { fflush(stdout); }
void rt_trim(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
void rt_limit_arenas(int n) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, n);
#else
  (void)n;
#endif
}

int rt_isolate_await_workers(rt_isolate* rt) {
  if (rt->awaits_workers) platform->WaitForWorkers();
  std::lock_guard<std::mutex> lock(rt->tasks->mu);
  return !rt->tasks->ready.empty();
}
void rt_post_foreground(rt_isolate* rt, void (*f)(void*), void* data) { rt->tasks->Push(std::make_unique<FunctionTask>(f, data)); }
double rt_isolate_run_tasks(rt_isolate* rt) {
  double next = rt_tasks_run(rt);
  rt_report_dropped(rt);
  return next;
}
}
