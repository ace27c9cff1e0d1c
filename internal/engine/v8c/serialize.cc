// serialize.cc: the structured clone algorithm (HTML, "StructuredSerializeInternal") over V8's serializer.
#include <cstring>
#include <mutex>
#include <tuple>
#include <utility>

#include "rt_internal.h"
#include "unpack.h"

using namespace v8;

namespace {

// Platform objects of ours (Blob, MessagePort, ...) carry this registered symbol on their prototype; V8 then asks the hook
// RT_CB_HOST_OBJECT_WRITE(object) → index; the reader gets the objects by these indices.
Local<Symbol> CloneSymbol(rt_isolate* rt) {
  if (rt->clone_symbol.IsEmpty()) rt->clone_symbol.Reset(rt->iso, Symbol::For(rt->iso, rt_sym(rt->iso, "roost.clone")));
  return rt->clone_symbol.Get(rt->iso);
}
Local<Value> PlainPrototype(rt_isolate* rt) {
  if (rt->plain_prototype.IsEmpty()) {
    Context::Scope scope(rt->ctx());
    rt->plain_prototype.Reset(rt->iso, Object::New(rt->iso)->GetPrototypeV2());
  }
  return rt->plain_prototype.Get(rt->iso);
}
// worker_threads.markAsUncloneable and markAsUntransferable.
Local<Private> UntransferableMark(Isolate* iso) { return Private::ForApi(iso, rt_sym(iso, "roost.untransferable")); }

class Writer : public ValueSerializer::Delegate {
 public:
  explicit Writer(rt_isolate* rt) : rt_(rt), plain_(PlainPrototype(rt)), clone_(CloneSymbol(rt)) {}
  std::vector<Global<SharedArrayBuffer>> shared;  // handles of V8's inner scopes don't last
  void ThrowDataCloneError(Local<String> message) override {
    Isolate* iso = rt_->iso;
    Local<Value> e = Exception::Error(message);
    (void)e.As<Object>()->Set(iso->GetCurrentContext(), rt_str(iso, "name"), rt_str(iso, "DataCloneError"));
    (void)e.As<Object>()->Set(iso->GetCurrentContext(), rt_str(iso, "code"), Integer::New(iso, 25));
    iso->ThrowException(e);
  }
  bool HasCustomHostObject(Isolate*) override { return true; }
  Maybe<bool> IsHostObject(Isolate* iso, Local<Object> object) override {
    if (object->IsProxy()) return Just(false);
    if (IsUncloneable(object)) return Just(true);
    // Platform objects have a class, so most objects need no look-up.
    return object->GetPrototypeV2() == plain_ ? Just(false) : object->Has(iso->GetCurrentContext(), clone_);
  }
  Maybe<bool> WriteHostObject(Isolate* iso, Local<Object> object) override {
    if (IsUncloneable(object)) {
      ThrowDataCloneError(rt_str(iso, "Cannot clone object of unsupported type."));
      return Nothing<bool>();
    }
    if (rt_->callbacks[RT_CB_HOST_OBJECT_WRITE].IsEmpty()) {
      ThrowDataCloneError(rt_str(iso, "Object could not be cloned."));
      return Nothing<bool>();
    }
    Local<Value> arg = object, index;
    if (!rt_->callbacks[RT_CB_HOST_OBJECT_WRITE].Get(iso)->Call(iso->GetCurrentContext(), Undefined(iso), 1, &arg).ToLocal(&index))
      return Nothing<bool>();
    if (!index->IsUint32()) {
      ThrowDataCloneError(rt_str(iso, "Object could not be cloned."));
      return Nothing<bool>();
    }
    serializer->WriteUint32(index.As<Uint32>()->Value());
    return Just(true);
  }
  Maybe<uint32_t> GetSharedArrayBufferId(Isolate* iso, Local<SharedArrayBuffer> b) override {
    for (size_t i = 0; i < shared.size(); i++)
      if (shared[i] == b) return Just((uint32_t)i);
    shared.emplace_back(iso, b);
    return Just((uint32_t)shared.size() - 1);
  }
  // Values that are read at once are written to memory that the isolate keeps, as long as they fit.
  void* ReallocateBufferMemory(void* old, size_t size, size_t* actual) override {
    if (scratch && size <= kScratch) {
      *actual = kScratch;
      return scratch;
    }
    void* p = old == scratch ? malloc(size) : realloc(old, size);
    if (p && old && old == scratch) memcpy(p, old, kScratch);
    *actual = p ? size : 0;
    return p;
  }
  void FreeBufferMemory(void* p) override {
    if (p != scratch) free(p);
  }
  static const size_t kScratch = 16 << 10;
  void* scratch = nullptr;

  Maybe<uint32_t> GetWasmModuleTransferId(Isolate*, Local<WasmModuleObject> module) override {
    modules.push_back(module->GetCompiledModule());
    return Just((uint32_t)modules.size() - 1);
  }
  std::vector<CompiledWasmModule> modules;
  ValueSerializer* serializer = nullptr;

 private:
  bool IsUncloneable(Local<Object> object) {
    return !rt_->uncloneable.IsEmpty() && object->HasPrivate(rt_->iso->GetCurrentContext(), rt_->uncloneable.Get(rt_->iso)).FromMaybe(false);
  }

  rt_isolate* rt_;
  Local<Value> plain_;
  Local<Symbol> clone_;
};

// A serialized value outside every heap: what a message is on its way from one isolate to another. Immutable once it is in the table;
// several isolates may read it at once. Backing stores and compiled WebAssembly are shared between threads by V8 itself.
struct Packet {
  uint8_t* data = nullptr;
  size_t size = 0;
  std::vector<std::shared_ptr<BackingStore>> buffers;  // transferred
  std::vector<std::shared_ptr<BackingStore>> shared;
  std::vector<CompiledWasmModule> modules;
  ~Packet() { free(data); }
};
class Reader : public ValueDeserializer::Delegate {
 public:
  ValueDeserializer* deserializer = nullptr;
  const Packet* packet = nullptr;
  Local<Array> hosts;
  // V8 allows no JavaScript here, so the objects have been made before.
  MaybeLocal<Object> ReadHostObject(Isolate* iso) override {
    uint32_t index;
    Local<Value> object;
    if (!deserializer->ReadUint32(&index) || hosts.IsEmpty() || index >= hosts->Length() || !hosts->Get(iso->GetCurrentContext(), index).ToLocal(&object) ||
        !object->IsObject()) {
      iso->ThrowException(Exception::Error(rt_str(iso, "Unable to deserialize cloned data.")));
      return MaybeLocal<Object>();
    }
    return object.As<Object>();
  }
  MaybeLocal<SharedArrayBuffer> GetSharedArrayBufferFromId(Isolate* iso, uint32_t id) override {
    if (id < packet->shared.size()) return SharedArrayBuffer::New(iso, packet->shared[id]);
    iso->ThrowException(Exception::Error(rt_str(iso, "Unable to deserialize cloned data.")));
    return MaybeLocal<SharedArrayBuffer>();
  }
  MaybeLocal<WasmModuleObject> GetWasmModuleFromId(Isolate* iso, uint32_t id) override {
    if (id < packet->modules.size()) return WasmModuleObject::FromCompiledModule(iso, packet->modules[id]);
    iso->ThrowException(Exception::Error(rt_str(iso, "Unable to deserialize cloned data.")));
    return MaybeLocal<WasmModuleObject>();
  }
};

struct Counted {
  std::shared_ptr<const Packet> packet;
  int count;
};
std::mutex packets_mu;
std::unordered_map<uint64_t, Counted> packets;  // guarded by packets_mu; by number
uint64_t last_packet = 0;                       // guarded by packets_mu

uint64_t Keep(std::shared_ptr<const Packet> p) {
  std::lock_guard<std::mutex> lock(packets_mu);
  packets.emplace(++last_packet, Counted{std::move(p), 1});
  return last_packet;
}
std::shared_ptr<const Packet> Find(uint64_t id) {
  std::lock_guard<std::mutex> lock(packets_mu);
  auto i = packets.find(id);
  return i == packets.end() ? nullptr : i->second.packet;
}

// What was written, but for transferred buffers.
std::shared_ptr<Packet> Packed(std::pair<uint8_t*, size_t> written, Writer* delegate) {
  auto packet = std::make_shared<Packet>();
  for (auto& b : delegate->shared) packet->shared.push_back(b.Get(Isolate::GetCurrent())->GetBackingStore());
  packet->modules = std::move(delegate->modules);
  std::tie(packet->data, packet->size) = written;
  if (written.first == delegate->scratch) {
    packet->data = static_cast<uint8_t*>(malloc(written.second));
    memcpy(packet->data, written.first, written.second);
  }
  return packet;
}

MaybeLocal<Value> Deserialized(Isolate* iso, Local<Context> context, const Packet& packet, Local<Array> hosts) {
  Context::Scope scope(context);
  Reader delegate;
  delegate.packet = &packet;
  delegate.hosts = hosts;
  ValueDeserializer deserializer(iso, packet.data, packet.size, &delegate);
  delegate.deserializer = &deserializer;
  for (size_t i = 0; i < packet.buffers.size(); i++) deserializer.TransferArrayBuffer((uint32_t)i, ArrayBuffer::New(iso, packet.buffers[i]));
  if (!deserializer.ReadHeader(context).FromMaybe(false)) return MaybeLocal<Value>();
  return deserializer.ReadValue(context);
}

// The scratch memory of the isolate, for one writer at a time: what is written may run JavaScript that clones.
class Scratch {
 public:
  Scratch(rt_isolate* rt, Writer* writer) : rt_(rt), writer_(writer) {
    writer_->scratch = rt->clone_scratch ? std::exchange(rt->clone_scratch, nullptr) : malloc(Writer::kScratch);
  }
  ~Scratch() {
    free(rt_->clone_scratch);
    rt_->clone_scratch = writer_->scratch;
  }
  Scratch(const Scratch&) = delete;
  void operator=(const Scratch&) = delete;

 private:
  rt_isolate* rt_;
  Writer* writer_;
};

// cloneValue(value, hosts) → the clone. With platform objects, which the hook put into hosts, a packet's number is added to them instead.
void CloneValue(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  if (!info[1]->IsArray()) return;
  Local<Array> hosts = info[1].As<Array>();
  Writer delegate(rt_from(iso));
  Scratch scratch(rt_from(iso), &delegate);
  ValueSerializer serializer(iso, &delegate);
  delegate.serializer = &serializer;
  serializer.WriteHeader();
  if (!serializer.WriteValue(context, info[0]).FromMaybe(false)) return;
  std::pair<uint8_t*, size_t> written = serializer.Release();
  Local<Value> out;
  if (hosts->Length() == 0 && rt_unpack(rt_from(iso), written.first, written.second).ToLocal(&out)) {
    delegate.FreeBufferMemory(written.first);
    info.GetReturnValue().Set(out);
    return;
  }
  auto packet = Packed(written, &delegate);
  if (hosts->Length() > 0) {
    double number = (double)Keep(std::move(packet));
    (void)hosts->Set(context, hosts->Length(), Number::New(iso, number));
    return;
  }
  if (Deserialized(iso, context, *packet, hosts).ToLocal(&out)) info.GetReturnValue().Set(out);
}

// packetSerialize(value, transfer: ArrayBuffer[]) → the number of a packet, which packetRelease ends.
// The transferred buffers are detached. Throws an Error named DataCloneError; JS makes the DOMException.
void PacketSerialize(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  Writer delegate(rt_from(iso));
  ValueSerializer serializer(iso, &delegate);
  delegate.serializer = &serializer;
  std::vector<Local<ArrayBuffer>> transfer;
  if (info[1]->IsArray()) {
    Local<Array> list = info[1].As<Array>();
    for (uint32_t i = 0; i < list->Length(); i++) {
      Local<Value> v;
      if (!list->Get(context, i).ToLocal(&v)) return;
      if (!v->IsArrayBuffer()) continue;
      if (!v.As<ArrayBuffer>()->IsDetachable() || v.As<ArrayBuffer>()->WasDetached()) {
        delegate.ThrowDataCloneError(rt_str(iso, "An ArrayBuffer is detached and could not be cloned."));
        return;
      }
      serializer.TransferArrayBuffer((uint32_t)transfer.size(), v.As<ArrayBuffer>());
      transfer.push_back(v.As<ArrayBuffer>());
    }
  }
  serializer.WriteHeader();
  if (!serializer.WriteValue(context, info[0]).FromMaybe(false)) return;
  auto packet = Packed(serializer.Release(), &delegate);
  for (auto& b : transfer) {
    std::shared_ptr<BackingStore> store = b->GetBackingStore();
    if (!b->Detach(Local<Value>()).FromMaybe(false)) {
      delegate.ThrowDataCloneError(rt_str(iso, "An ArrayBuffer could not be transferred."));
      return;
    }
    packet->buffers.push_back(std::move(store));
  }
  info.GetReturnValue().Set(Number::New(iso, (double)Keep(std::move(packet))));
}

// packetDeserialize(packet, platform objects by index, object of the context that the value belongs to) → value
void PacketDeserialize(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  if (info[2]->IsObject() && !info[2].As<Object>()->GetCreationContext(iso).ToLocal(&context)) return;
  if (!info[0]->IsNumber()) return;
  std::shared_ptr<const Packet> packet = Find((uint64_t)info[0].As<Number>()->Value());
  if (!packet) {
    iso->ThrowException(Exception::Error(rt_str(iso, "Unable to deserialize cloned data.")));
    return;
  }
  rt_isolate* rt = rt_from(iso);
  Local<Value> out;
  if ((context == rt->ctx() && rt_unpack(rt, packet->data, packet->size).ToLocal(&out)) || Deserialized(iso, context, *packet, info[1]->IsArray() ? info[1].As<Array>() : Local<Array>()).ToLocal(&out)) info.GetReturnValue().Set(out);
}
void PacketRelease(const FunctionCallbackInfo<Value>& info) {
  if (info[0]->IsNumber()) rt_packet_release((uint64_t)info[0].As<Number>()->Value());
}

// markUncloneable(object), markUntransferable(object), isUntransferable(value)
void MarkUncloneable(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  rt_isolate* rt = rt_from(iso);
  if (rt->uncloneable.IsEmpty()) rt->uncloneable.Reset(iso, Private::New(iso, rt_sym(iso, "roost.uncloneable")));
  if (info[0]->IsObject()) (void)info[0].As<Object>()->SetPrivate(iso->GetCurrentContext(), rt->uncloneable.Get(iso), True(iso));
}
void MarkUntransferable(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  if (info[0]->IsObject()) (void)info[0].As<Object>()->SetPrivate(iso->GetCurrentContext(), UntransferableMark(iso), True(iso));
}
void IsUntransferable(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  info.GetReturnValue().Set(info[0]->IsObject() &&
                            info[0].As<Object>()->HasPrivate(iso->GetCurrentContext(), UntransferableMark(iso)).FromMaybe(false));
}

}  // namespace

void rt_natives_serialize(std::vector<rt_builtin_native>* out) {
  out->push_back({"markUncloneable", MarkUncloneable, false});
  out->push_back({"markUntransferable", MarkUntransferable, false});
  out->push_back({"isUntransferable", IsUntransferable, true});
  out->push_back({"cloneValue", CloneValue, false});
  out->push_back({"packetSerialize", PacketSerialize, false});
  out->push_back({"packetDeserialize", PacketDeserialize, false});
  out->push_back({"packetRelease", PacketRelease, false});
}

extern "C" {

void rt_packet_retain(uint64_t packet, int n) {
  std::lock_guard<std::mutex> lock(packets_mu);
  auto i = packets.find(packet);
  if (i != packets.end()) i->second.count += n;
}
void rt_packet_release(uint64_t packet) {
  std::shared_ptr<const Packet> last;  // freed after the lock
  std::lock_guard<std::mutex> lock(packets_mu);
  auto i = packets.find(packet);
  if (i == packets.end() || --i->second.count > 0) return;
  last = std::move(i->second.packet);
  packets.erase(i);
}
}
