// serialize.cc: the structured clone algorithm (HTML, "StructuredSerializeInternal") over V8's serializer.
#include <cstring>

#include "rt_internal.h"

using namespace v8;

namespace {

// Platform objects of ours (Blob, MessagePort, ...) carry this registered symbol on their prototype; V8 then asks the hook
// RT_CB_HOST_OBJECT_WRITE(object) → index; the reader gets the objects by these indices.
Local<Symbol> CloneSymbol(Isolate* iso) { return Symbol::For(iso, rt_sym(iso, "roost.clone")); }
// worker_threads.markAsUncloneable and markAsUntransferable.
Local<Private> UncloneableMark(Isolate* iso) { return Private::ForApi(iso, rt_sym(iso, "roost.uncloneable")); }
Local<Private> UntransferableMark(Isolate* iso) { return Private::ForApi(iso, rt_sym(iso, "roost.untransferable")); }

class Writer : public ValueSerializer::Delegate {
 public:
  explicit Writer(rt_isolate* rt) : rt_(rt), clone_(CloneSymbol(rt->iso)), uncloneable_(UncloneableMark(rt->iso)) {}
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
    Local<Context> context = iso->GetCurrentContext();
    if (object->HasPrivate(context, uncloneable_).FromMaybe(false)) return Just(true);
    return object->Has(context, clone_);
  }
  Maybe<bool> WriteHostObject(Isolate* iso, Local<Object> object) override {
    if (object->HasPrivate(iso->GetCurrentContext(), uncloneable_).FromMaybe(false)) {
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
  ValueSerializer* serializer = nullptr;

 private:
  rt_isolate* rt_;
  Local<Symbol> clone_;
  Local<Private> uncloneable_;
};

class Reader : public ValueDeserializer::Delegate {
 public:
  ValueDeserializer* deserializer = nullptr;
  Local<Array> shared;
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
    Local<Value> v;
    if (shared.IsEmpty() || id >= shared->Length() || !shared->Get(iso->GetCurrentContext(), id).ToLocal(&v) || !v->IsSharedArrayBuffer()) {
      iso->ThrowException(Exception::Error(rt_str(iso, "Unable to deserialize cloned data.")));
      return MaybeLocal<SharedArrayBuffer>();
    }
    return v.As<SharedArrayBuffer>();
  }
};

// structuredSerialize(value, transfer: ArrayBuffer[]) → [bytes, ArrayBuffer[] (the transferred memory), SharedArrayBuffer[]].
// The transferred buffers are detached. Throws an Error named DataCloneError; JS makes the DOMException.
void Serialize(const FunctionCallbackInfo<Value>& info) {
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
  std::vector<Local<Value>> moved;
  for (auto& b : transfer) {
    std::shared_ptr<BackingStore> store = b->GetBackingStore();
    if (!b->Detach(Local<Value>()).FromMaybe(false)) {
      delegate.ThrowDataCloneError(rt_str(iso, "An ArrayBuffer could not be transferred."));
      return;
    }
    moved.push_back(ArrayBuffer::New(iso, std::move(store)));
  }
  std::vector<Local<Value>> shared;
  for (auto& b : delegate.shared) shared.push_back(b.Get(iso));
  std::pair<uint8_t*, size_t> data = serializer.Release();
  Local<Value> out[] = {rt_make_bytes(rt_from(iso), reinterpret_cast<const char*>(data.first), data.second, false),
                        Array::New(iso, moved.data(), moved.size()), Array::New(iso, shared.data(), shared.size())};
  free(data.first);
  info.GetReturnValue().Set(Array::New(iso, out, 3));
}

// structuredDeserialize(bytes, ArrayBuffer[], SharedArrayBuffer[], platform objects by index) → value
void Deserialize(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  if (!info[0]->IsArrayBufferView()) return;
  Local<ArrayBufferView> view = info[0].As<ArrayBufferView>();
  std::vector<uint8_t> copy(view->ByteLength() ? view->ByteLength() : 1);
  view->CopyContents(copy.data(), copy.size());
  Reader delegate;
  ValueDeserializer deserializer(iso, copy.data(), view->ByteLength(), &delegate);
  delegate.deserializer = &deserializer;
  if (info[2]->IsArray()) delegate.shared = info[2].As<Array>();
  if (info[3]->IsArray()) delegate.hosts = info[3].As<Array>();
  if (info[1]->IsArray()) {
    Local<Array> list = info[1].As<Array>();
    for (uint32_t i = 0; i < list->Length(); i++) {
      Local<Value> v;
      if (list->Get(context, i).ToLocal(&v) && v->IsArrayBuffer()) deserializer.TransferArrayBuffer(i, v.As<ArrayBuffer>());
    }
  }
  Local<Value> out;
  if (!deserializer.ReadHeader(context).FromMaybe(false)) return;
  if (deserializer.ReadValue(context).ToLocal(&out)) info.GetReturnValue().Set(out);
}

// markUncloneable(object), markUntransferable(object), isUntransferable(value)
void MarkUncloneable(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  if (info[0]->IsObject()) (void)info[0].As<Object>()->SetPrivate(iso->GetCurrentContext(), UncloneableMark(iso), True(iso));
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
  out->push_back({"structuredSerialize", Serialize, false});
  out->push_back({"structuredDeserialize", Deserialize, false});
}
