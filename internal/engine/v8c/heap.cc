// heap.cc: what V8 tells of its inside: sizes of spaces and code, heap snapshots, objects by constructor, collections, CPU profiles.
#include <v8-profiler.h>
#include <v8-statistics.h>

#include <chrono>
#include <cstring>

#include "rt_internal.h"

using namespace v8;

// The sizes of the heap at one moment, in bytes: Isolate::GetHeapStatistics, then size, used, available, physical of each space.
using Sizes = std::vector<double>;

struct Collection {
  int type = 0;       // GCType
  int flags = 0;      // GCCallbackFlags
  double begin = 0;   // microseconds, steady clock
  double micros = 0;  // how long
  Sizes before, after;
};

// What this file keeps for an isolate.
struct rt_profiling {
  CpuProfiler* cpu = nullptr;  // while a profile is recorded
  std::unordered_map<int, ProfilerId> profiles;
  int last_profile = 0;
  bool observing = false;  // collections are recorded
  bool sizes = false;      // with the heap's sizes
  Collection current;
  std::vector<Collection> collections;  // not yet taken
};

namespace {
rt_profiling* State(rt_isolate* rt) {
  if (!rt->profiling) rt->profiling = new rt_profiling;
  return rt->profiling;
}

Local<Value> Numbers(Isolate* iso, const std::vector<double>& list) {
  std::unique_ptr<BackingStore> store = ArrayBuffer::NewBackingStore(iso, list.size() * sizeof(double));
  if (!list.empty()) memcpy(store->Data(), list.data(), list.size() * sizeof(double));
  return Float64Array::New(ArrayBuffer::New(iso, std::move(store)), 0, list.size());
}

Sizes SpaceSizes(Isolate* iso) {
  Sizes out;
  for (size_t i = 0; i < iso->NumberOfHeapSpaces(); i++) {
    HeapSpaceStatistics s;
    if (!iso->GetHeapSpaceStatistics(&s, i)) continue;
    for (size_t n : {s.space_size(), s.space_used_size(), s.space_available_size(), s.physical_space_size()}) out.push_back((double)n);
  }
  return out;
}

// heapSpaceNames() → string[]
void HeapSpaceNames(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  std::vector<Local<Value>> names;
  for (size_t i = 0; i < iso->NumberOfHeapSpaces(); i++) {
    HeapSpaceStatistics s;
    if (iso->GetHeapSpaceStatistics(&s, i)) names.push_back(rt_str(iso, s.space_name()));
  }
  info.GetReturnValue().Set(Array::New(iso, names.data(), names.size()));
}
// heapSpaces() → Float64Array of size, used, available, physical for each space, in bytes
void HeapSpaces(const FunctionCallbackInfo<Value>& info) { info.GetReturnValue().Set(Numbers(info.GetIsolate(), SpaceSizes(info.GetIsolate()))); }

// heapCode() → Float64Array [code and metadata, bytecode and metadata, external script source, CPU profiler metadata], in bytes
void HeapCode(const FunctionCallbackInfo<Value>& info) {
  HeapCodeStatistics s;
  info.GetIsolate()->GetHeapCodeAndMetadataStatistics(&s);
  info.GetReturnValue().Set(Numbers(info.GetIsolate(), {(double)s.code_and_metadata_size(), (double)s.bytecode_and_metadata_size(),
                                                        (double)s.external_script_source_size(), (double)s.cpu_profiler_metadata_size()}));
}

// Output hands what V8 serialises to a JavaScript function, a string a chunk. An exception in it ends the output.
class Output : public OutputStream {
 public:
  Output(Isolate* iso, Local<Function> to) : iso_(iso), to_(to) {}
  int GetChunkSize() override { return 64 << 10; }
  void EndOfStream() override {}
  WriteResult WriteAsciiChunk(char* data, int size) override {
    HandleScope scope(iso_);
    Local<String> text;
    Local<Value> arg, ignored;
    if (!String::NewFromOneByte(iso_, reinterpret_cast<const uint8_t*>(data), NewStringType::kNormal, size).ToLocal(&text)) return kAbort;
    arg = text;
    return to_->Call(iso_->GetCurrentContext(), Undefined(iso_), 1, &arg).ToLocal(&ignored) ? kContinue : kAbort;
  }

 private:
  Isolate* iso_;
  Local<Function> to_;
};

// heapSnapshot(chunk: (text: string) => void, internals: boolean, numbers: boolean): the snapshot's JSON, after a full collection
void TakeSnapshot(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsFunction()) return;
  Isolate* iso = info.GetIsolate();
  HeapProfiler::HeapSnapshotOptions options;
  options.snapshot_mode = info[1]->IsTrue() ? HeapProfiler::HeapSnapshotMode::kExposeInternals : HeapProfiler::HeapSnapshotMode::kRegular;
  options.numerics_mode = info[2]->IsTrue() ? HeapProfiler::NumericsMode::kExposeNumericValues : HeapProfiler::NumericsMode::kHideNumericValues;
  const HeapSnapshot* snapshot = iso->GetHeapProfiler()->TakeHeapSnapshot(options);
  if (!snapshot) {
    iso->ThrowException(Exception::Error(rt_str(iso, "the heap snapshot could not be taken")));
    return;
  }
  Output output(iso, info[0].As<Function>());
  snapshot->Serialize(&output, HeapSnapshot::kJSON);
  const_cast<HeapSnapshot*>(snapshot)->Delete();
}

// HasPrototype finds the objects that have a given object on their prototype chain.
class HasPrototype : public QueryObjectPredicate {
 public:
  HasPrototype(Isolate* iso, Local<Context> context, Local<Value> prototype) : iso_(iso), context_(context), prototype_(prototype) {}
  bool Filter(Local<Object> object) override {
    HandleScope scope(iso_);
    TryCatch ignore(iso_);
    if (object->IsProxy()) return false;  // its traps are user code
    Local<Context> creation;
    if (!object->GetCreationContext(iso_).ToLocal(&creation) || creation != context_) return false;
    for (Local<Value> at = object->GetPrototypeV2(); at->IsObject(); at = at.As<Object>()->GetPrototypeV2()) {
      if (at->StrictEquals(prototype_)) return true;
      if (at->IsProxy()) return false;
    }
    return false;
  }

 private:
  Isolate* iso_;
  Local<Context> context_;
  Local<Value> prototype_;
};

// queryObjects(prototype) → the live objects that have prototype on their chain, after a full collection
void QueryObjects(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsObject()) return;
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  HasPrototype predicate(iso, context, info[0]);
  std::vector<Global<Object>> found;
  iso->GetHeapProfiler()->QueryObjects(context, &predicate, &found);
  std::vector<Local<Value>> out;
  for (auto& o : found) out.push_back(o.Get(iso));
  info.GetReturnValue().Set(Array::New(iso, out.data(), out.size()));
}

// measureMemory(detailed: boolean, eager: boolean) → promise of V8's memory report
void MeasureMemory(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  rt_from(iso)->awaits_workers = true;
  Local<Promise::Resolver> resolver;
  if (!Promise::Resolver::New(context).ToLocal(&resolver)) return;
  iso->MeasureMemory(MeasureMemoryDelegate::Default(iso, context, resolver, info[0]->IsTrue() ? MeasureMemoryMode::kDetailed : MeasureMemoryMode::kSummary),
                     info[1]->IsTrue() ? MeasureMemoryExecution::kEager : MeasureMemoryExecution::kDefault);
  info.GetReturnValue().Set(resolver->GetPromise());
}

// ---- collections ----

double Micros() { return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

Sizes AllSizes(Isolate* iso) {
  HeapStatistics s;
  iso->GetHeapStatistics(&s);
  Sizes out;
  for (size_t n : {s.total_heap_size(), s.total_heap_size_executable(), s.total_physical_size(), s.total_available_size(), s.total_global_handles_size(),
                   s.used_global_handles_size(), s.used_heap_size(), s.heap_size_limit(), s.malloced_memory(), s.external_memory(),
                   s.peak_malloced_memory()})
    out.push_back((double)n);
  for (double n : SpaceSizes(iso)) out.push_back(n);
  return out;
}

void Begins(Isolate* iso, GCType type, GCCallbackFlags flags, void* data) {
  auto p = static_cast<rt_profiling*>(data);
  p->current = Collection{type, flags};
  if (p->sizes) p->current.before = AllSizes(iso);
  p->current.begin = Micros();
}
void Ends(Isolate* iso, GCType type, GCCallbackFlags, void* data) {
  auto p = static_cast<rt_profiling*>(data);
  if (p->current.type != type) return;  // it began before anybody listened
  p->current.micros = Micros() - p->current.begin;
  if (p->sizes) p->current.after = AllSizes(iso);
  bool first = p->collections.empty();
  p->collections.push_back(std::move(p->current));
  p->current = Collection{};
  // Who observes collections is told on the loop, once for all that came meanwhile.
  rt_isolate* rt = rt_from(iso);
  if (first && !rt->callbacks[RT_CB_COLLECTED].IsEmpty()) {
    rt_post_foreground(
        rt,
        [](void* arg) {
          rt_isolate* rt = static_cast<rt_isolate*>(arg);
          if (rt->callbacks[RT_CB_COLLECTED].IsEmpty()) return;
          Local<Value> ignored;
          (void)rt->callbacks[RT_CB_COLLECTED].Get(rt->iso)->Call(rt->ctx(), Undefined(rt->iso), 0, nullptr).ToLocal(&ignored);
        },
        rt);
  }
}

// observeCollections(on: boolean, sizes: boolean): what was recorded and not taken stays
void ObserveCollections(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  rt_profiling* p = State(rt_from(iso));
  bool on = info[0]->IsTrue();
  p->sizes = info[1]->IsTrue();
  if (on == p->observing) return;
  p->observing = on;
  if (on) {
    iso->AddGCPrologueCallback(Begins, p);
    iso->AddGCEpilogueCallback(Ends, p);
  } else {
    iso->RemoveGCPrologueCallback(Begins, p);
    iso->RemoveGCEpilogueCallback(Ends, p);
    p->current = Collection{};
  }
}
// takeCollections() → for each: [type, flags, begin, duration (both microseconds), sizes before, sizes after]
void TakeCollections(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  std::vector<Collection> taken;
  taken.swap(State(rt_from(iso))->collections);
  std::vector<Local<Value>> out;
  for (Collection& c : taken) {
    Local<Value> one[] = {Integer::New(iso, c.type), Integer::New(iso, c.flags), Number::New(iso, c.begin), Number::New(iso, c.micros),
                          Numbers(iso, c.before), Numbers(iso, c.after)};
    out.push_back(Array::New(iso, one, 6));
  }
  info.GetReturnValue().Set(Array::New(iso, out.data(), out.size()));
}

// ---- CPU profiles ----

// cpuProfileStart(interval in microseconds, 0: V8's) → number of the profile, 0 when too many are recorded
void CpuProfileStart(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  rt_profiling* p = State(rt_from(iso));
  if (!p->cpu) p->cpu = CpuProfiler::New(iso);
  int interval = info[0]->IsInt32() ? info[0].As<Int32>()->Value() : 0;
  CpuProfilingOptions options(kLeafNodeLineNumbers, CpuProfilingOptions::kNoSampleLimit, interval);
  CpuProfilingResult result = p->cpu->Start(std::move(options));
  if (result.status == CpuProfilingStatus::kErrorTooManyProfilers) {
    info.GetReturnValue().Set(0);
    return;
  }
  p->profiles.emplace(++p->last_profile, result.id);
  info.GetReturnValue().Set(p->last_profile);
}

// The node and its children behind it, as the Profiler domain of the DevTools protocol has them. (V8's own serializer writes names as they
// are, quotes and backslashes too.)
void ProfileNodes(Isolate* iso, Local<Context> context, const CpuProfileNode* node, std::vector<Local<Value>>* out) {
  Local<Object> frame = Object::New(iso), entry = Object::New(iso);
  (void)frame->Set(context, rt_sym(iso, "functionName"), node->GetFunctionName());
  (void)frame->Set(context, rt_sym(iso, "scriptId"), String::NewFromUtf8(iso, std::to_string(node->GetScriptId()).c_str()).ToLocalChecked());
  (void)frame->Set(context, rt_sym(iso, "url"), node->GetScriptResourceName());
  (void)frame->Set(context, rt_sym(iso, "lineNumber"), Integer::New(iso, node->GetLineNumber() - 1));
  (void)frame->Set(context, rt_sym(iso, "columnNumber"), Integer::New(iso, node->GetColumnNumber() - 1));
  (void)entry->Set(context, rt_sym(iso, "id"), Integer::NewFromUnsigned(iso, node->GetNodeId()));
  (void)entry->Set(context, rt_sym(iso, "callFrame"), frame);
  (void)entry->Set(context, rt_sym(iso, "hitCount"), Integer::NewFromUnsigned(iso, node->GetHitCount()));
  std::vector<Local<Value>> children;
  for (int i = 0; i < node->GetChildrenCount(); i++) children.push_back(Integer::NewFromUnsigned(iso, node->GetChild(i)->GetNodeId()));
  if (!children.empty()) (void)entry->Set(context, rt_sym(iso, "children"), Array::New(iso, children.data(), children.size()));
  out->push_back(entry);
  for (int i = 0; i < node->GetChildrenCount(); i++) ProfileNodes(iso, context, node->GetChild(i), out);
}

// cpuProfileStop(number) → { nodes, startTime, endTime, samples, timeDeltas } (microseconds) | undefined
void CpuProfileStop(const FunctionCallbackInfo<Value>& info) {
  if (!info[0]->IsInt32()) return;
  Isolate* iso = info.GetIsolate();
  rt_profiling* p = State(rt_from(iso));
  auto at = p->profiles.find(info[0].As<Int32>()->Value());
  if (at == p->profiles.end()) return;
  CpuProfile* profile = p->cpu->Stop(at->second);
  p->profiles.erase(at);
  if (profile) {
    Local<Context> context = iso->GetCurrentContext();
    std::vector<Local<Value>> nodes, samples, deltas;
    ProfileNodes(iso, context, profile->GetTopDownRoot(), &nodes);
    int64_t last = profile->GetStartTime();
    for (int i = 0; i < profile->GetSamplesCount(); i++) {
      samples.push_back(Integer::NewFromUnsigned(iso, profile->GetSample(i)->GetNodeId()));
      deltas.push_back(Number::New(iso, (double)(profile->GetSampleTimestamp(i) - last)));
      last = profile->GetSampleTimestamp(i);
    }
    Local<Object> out = Object::New(iso);
    (void)out->Set(context, rt_sym(iso, "nodes"), Array::New(iso, nodes.data(), nodes.size()));
    (void)out->Set(context, rt_sym(iso, "startTime"), Number::New(iso, (double)profile->GetStartTime()));
    (void)out->Set(context, rt_sym(iso, "endTime"), Number::New(iso, (double)profile->GetEndTime()));
    (void)out->Set(context, rt_sym(iso, "samples"), Array::New(iso, samples.data(), samples.size()));
    (void)out->Set(context, rt_sym(iso, "timeDeltas"), Array::New(iso, deltas.data(), deltas.size()));
    info.GetReturnValue().Set(out);
    profile->Delete();
  }
  if (p->profiles.empty()) {
    p->cpu->Dispose();
    p->cpu = nullptr;
  }
}

// ---- profiles of allocations ----

// { callFrame, selfSize, id, children }, as the HeapProfiler domain of the DevTools protocol has it.
Local<Value> AllocationNode(Isolate* iso, Local<Context> context, const AllocationProfile::Node* node) {
  size_t size = 0;
  for (const auto& a : node->allocations) size += a.size * a.count;
  Local<Object> frame = Object::New(iso), out = Object::New(iso);
  (void)frame->Set(context, rt_sym(iso, "functionName"), node->name.IsEmpty() ? String::Empty(iso) : node->name);
  (void)frame->Set(context, rt_sym(iso, "scriptId"), String::NewFromUtf8(iso, std::to_string(node->script_id).c_str()).ToLocalChecked());
  (void)frame->Set(context, rt_sym(iso, "url"), node->script_name.IsEmpty() ? String::Empty(iso) : node->script_name);
  (void)frame->Set(context, rt_sym(iso, "lineNumber"), Integer::New(iso, node->line_number - 1));
  (void)frame->Set(context, rt_sym(iso, "columnNumber"), Integer::New(iso, node->column_number - 1));
  std::vector<Local<Value>> children;
  for (const AllocationProfile::Node* child : node->children) children.push_back(AllocationNode(iso, context, child));
  (void)out->Set(context, rt_sym(iso, "callFrame"), frame);
  (void)out->Set(context, rt_sym(iso, "selfSize"), Number::New(iso, (double)size));
  (void)out->Set(context, rt_sym(iso, "id"), Integer::NewFromUnsigned(iso, node->node_id));
  (void)out->Set(context, rt_sym(iso, "children"), Array::New(iso, children.data(), children.size()));
  return out;
}

// heapProfileStart(bytes between samples, depth of stacks) → whether it was not running already
void HeapProfileStart(const FunctionCallbackInfo<Value>& info) {
  uint64_t interval = info[0]->IsNumber() ? (uint64_t)info[0].As<Number>()->Value() : 512 << 10;
  int depth = info[1]->IsInt32() ? info[1].As<Int32>()->Value() : 64;
  info.GetReturnValue().Set(info.GetIsolate()->GetHeapProfiler()->StartSamplingHeapProfiler(interval ? interval : 1, depth));
}
// heapProfileStop() → { head, samples } | undefined when none was running
void HeapProfileStop(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  HeapProfiler* profiler = iso->GetHeapProfiler();
  std::unique_ptr<AllocationProfile> profile(profiler->GetAllocationProfile());
  profiler->StopSamplingHeapProfiler();
  if (!profile) return;
  std::vector<Local<Value>> samples;
  for (const AllocationProfile::Sample& sample : profile->GetSamples()) {
    Local<Object> one = Object::New(iso);
    (void)one->Set(context, rt_sym(iso, "size"), Number::New(iso, (double)(sample.size * sample.count)));
    (void)one->Set(context, rt_sym(iso, "nodeId"), Integer::NewFromUnsigned(iso, sample.node_id));
    (void)one->Set(context, rt_sym(iso, "ordinal"), Number::New(iso, (double)sample.sample_id));
    samples.push_back(one);
  }
  Local<Object> out = Object::New(iso);
  (void)out->Set(context, rt_sym(iso, "head"), AllocationNode(iso, context, profile->GetRootNode()));
  (void)out->Set(context, rt_sym(iso, "samples"), Array::New(iso, samples.data(), samples.size()));
  info.GetReturnValue().Set(out);
}
}  // namespace

void rt_profiling_dispose(rt_isolate* rt) {
  rt_profiling* p = rt->profiling;
  if (!p) return;
  if (p->observing) {
    rt->iso->RemoveGCPrologueCallback(Begins, p);
    rt->iso->RemoveGCEpilogueCallback(Ends, p);
  }
  if (p->cpu) {
    for (auto& [number, id] : p->profiles)
      if (CpuProfile* profile = p->cpu->Stop(id)) profile->Delete();
    p->cpu->Dispose();
  }
  delete p;
  rt->profiling = nullptr;
}

void rt_natives_heap(std::vector<rt_builtin_native>* out) {
  out->push_back({"heapSpaceNames", HeapSpaceNames, true});
  out->push_back({"heapSpaces", HeapSpaces, true});
  out->push_back({"heapCode", HeapCode, true});
  out->push_back({"heapSnapshot", TakeSnapshot, false});
  out->push_back({"queryObjects", QueryObjects, false});
  out->push_back({"measureMemory", MeasureMemory, false});
  out->push_back({"observeCollections", ObserveCollections, false});
  out->push_back({"takeCollections", TakeCollections, false});
  out->push_back({"cpuProfileStart", CpuProfileStart, false});
  out->push_back({"cpuProfileStop", CpuProfileStop, false});
  out->push_back({"heapProfileStart", HeapProfileStart, false});
  out->push_back({"heapProfileStop", HeapProfileStop, false});
}
