// serialize.cc: the structured clone algorithm (HTML, "StructuredSerializeInternal") over V8's serializer.
#include <cstring>

#include "rt_internal.h"

using namespace v8;

namespace {

// Platform objects of ours (Blob, MessagePort, ...) carry this registered symbol on their prototype; V8 then asks the hooks
// RT_CB_HOST_OBJECT_WRITE(object) → index and RT_CB_HOST_OBJECT_READ(index) → object.
Local<Symbol> CloneSymbol(Isolate* iso) { return Symbol::For(iso, rt_sym(iso, "roost.clone")); }

class Writer : public ValueSerializer::Delegate {
 public:
  explicit Writer(rt_isolate* rt) : rt_(rt) {}
  std::vector<Local<Value>> shared;
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
    return object->Has(iso->GetCurrentContext(), CloneSymbol(iso));
  }
  Maybe<bool> WriteHostObject(Isolate* iso, Local<Object> object) override {
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
  Maybe<uint32_t> GetSharedArrayBufferId(Isolate*, Local<SharedArrayBuffer> b) override {
    for (size_t i = 0; i < shared.size(); i++)
      if (shared[i] == b) return Just((uint32_t)i);
    shared.push_back(b);
    return Just((uint32_t)shared.size() - 1);
  }
  ValueSerializer* serializer = nullptr;

 private:
  rt_isolate* rt_;
};

class Reader : public ValueDeserializer::Delegate {
 public:
  explicit Reader(rt_isolate* rt) : rt_(rt) {}
  ValueDeserializer* deserializer = nullptr;
  Local<Array> shared;
  MaybeLocal<Object> ReadHostObject(Isolate* iso) override {
    uint32_t index;
    Local<Value> arg, object;
    if (!deserializer->ReadUint32(&index) || rt_->callbacks[RT_CB_HOST_OBJECT_READ].IsEmpty()) {
      iso->ThrowException(Exception::Error(rt_str(iso, "Unable to deserialize cloned data.")));
      return MaybeLocal<Object>();
    }
    arg = Integer::NewFromUnsigned(iso, index);
    if (!rt_->callbacks[RT_CB_HOST_OBJECT_READ].Get(iso)->Call(iso->GetCurrentContext(), Undefined(iso), 1, &arg).ToLocal(&object)) return MaybeLocal<Object>();
    if (!object->IsObject()) {
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

 private:
  rt_isolate* rt_;
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
  std::pair<uint8_t*, size_t> data = serializer.Release();
  Local<Value> out[] = {rt_make_bytes(rt_from(iso), reinterpret_cast<const char*>(data.first), data.second, false),
                        Array::New(iso, moved.data(), moved.size()), Array::New(iso, delegate.shared.data(), delegate.shared.size())};
  free(data.first);
  info.GetReturnValue().Set(Array::New(iso, out, 3));
}

// structuredDeserialize(bytes, ArrayBuffer[], SharedArrayBuffer[]) → value
void Deserialize(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  Local<Context> context = iso->GetCurrentContext();
  if (!info[0]->IsArrayBufferView()) return;
  Local<ArrayBufferView> view = info[0].As<ArrayBufferView>();
  std::vector<uint8_t> copy(view->ByteLength() ? view->ByteLength() : 1);
  view->CopyContents(copy.data(), copy.size());
  Reader delegate(rt_from(iso));
  ValueDeserializer deserializer(iso, copy.data(), view->ByteLength(), &delegate);
  delegate.deserializer = &deserializer;
  if (info[2]->IsArray()) delegate.shared = info[2].As<Array>();
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

}  // namespace

void rt_natives_serialize(std::vector<rt_builtin_native>* out) {
  out->push_back({"structuredSerialize", Serialize, false});
  out->push_back({"structuredDeserialize", Deserialize, false});
}
