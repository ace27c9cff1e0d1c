// unpack.cc: see unpack.h. The format is that of version 15 of V8's serializer; data of any other version is V8's own.
//
// V8's reader looks up a transition for each property of each object. Here the keys of an object are compared, as they lie in the bytes,
// with those of objects that came before: a trie of keys, at whose nodes hang V8's templates for dictionaries, which make an object of known
// keys in one step.
#include "unpack.h"

#include <cmath>
#include <cstring>
#include <string_view>

using namespace v8;

namespace {

const uint8_t kVersion = 15;
const size_t kMost = 1 << 20;    // one handle scope holds all values of a reading, so large ones are V8's
const int kDeepest = 100;
const size_t kKeys = 64;         // objects with more keys are dictionaries, not records
const size_t kBranches = 32;     // so are objects whose keys differ from time to time
const size_t kNodes = 4096;      // of one isolate

// What follows a key. The path from the root names the keys of an object so far.
struct Node {
  std::string key;  // as in the bytes: tag, length, characters
  Node* parent = nullptr;
  size_t depth = 0;
  std::vector<std::unique_ptr<Node>> next;  // the one that was met last is the first
  Global<DictionaryTemplate> shape;         // made when an object ends here for the second time
  bool met = false;
};

}  // namespace

struct rt_shapes {
  Node root;
  size_t nodes = 0;
  // After a reading in vain the next ones are not tried, twice as many each time.
  uint32_t rest = 0, penalty = 0;
  std::vector<MaybeLocal<Value>> values;  // of the objects and arrays that are being read, a stack; empty between readings
  std::vector<Local<Value>> objects;      // by V8's number of them; empty where one is not finished
};

namespace {

class Unpacker {
 public:
  Unpacker(rt_isolate* rt, rt_shapes* shapes, const uint8_t* data, size_t size)
      : iso_(rt->iso), context_(rt->ctx()), shapes_(shapes), p_(data), end_(data + size) {}
  ~Unpacker() {
    shapes_->values.clear();
    shapes_->objects.clear();
  }

  bool ReadHeader() { return Left() >= 2 && *p_++ == 0xFF && *p_++ == kVersion; }
  bool AtEnd() const { return p_ == end_; }

  // False when it is not for this reader.
  bool ReadValue(Local<Value>* out) {
    uint8_t tag;
    if (!ReadTag(&tag)) return false;
    switch (tag) {
      case '_': *out = Undefined(iso_); return true;
      case '0': *out = Null(iso_); return true;
      case 'T': *out = True(iso_); return true;
      case 'F': *out = False(iso_); return true;
      case 'I': {
        uint32_t n;
        if (!ReadVarint(&n)) return false;
        *out = Integer::New(iso_, (int32_t)(n >> 1) ^ -(int32_t)(n & 1));
        return true;
      }
      case 'U': {
        uint32_t n;
        if (!ReadVarint(&n)) return false;
        *out = Integer::NewFromUnsigned(iso_, n);
        return true;
      }
      case 'N': {
        double n;
        if (!ReadDouble(&n)) return false;
        *out = Number::New(iso_, n);
        return true;
      }
      case '"': return ReadOneByte(out);
      case 'c': return ReadTwoByte(out);
      case '^': {
        uint32_t id;
        if (!ReadVarint(&id) || id >= shapes_->objects.size() || shapes_->objects[id].IsEmpty()) return false;
        *out = shapes_->objects[id];
        return true;
      }
      case 'o': return Nested(out, &Unpacker::ReadObject);
      case 'A': return Nested(out, &Unpacker::ReadArray);
      case ';': return Nested(out, &Unpacker::ReadMap);
      case '\'': return Nested(out, &Unpacker::ReadSet);
      case 'D': {
        double time;
        size_t id = Begin();
        if (!ReadDouble(&time) || !Date::New(context_, time).ToLocal(out)) return false;
        shapes_->objects[id] = *out;
        return true;
      }
    }
    return false;
  }

 private:
  size_t Left() const { return (size_t)(end_ - p_); }

  bool ReadTag(uint8_t* tag) {
    do {
      if (p_ == end_) return false;
      *tag = *p_++;
    } while (*tag == 0);  // padding
    return true;
  }
  bool PeekTag(uint8_t tag) {
    while (p_ != end_ && *p_ == 0) p_++;
    return p_ != end_ && *p_ == tag;
  }
  bool ReadVarint(uint32_t* out) {
    uint32_t n = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (p_ == end_) return false;
      uint8_t b = *p_++;
      n |= (uint32_t)(b & 0x7f) << shift;
      if (b < 0x80) {
        *out = n;
        return true;
      }
    }
    return false;
  }
  bool ReadDouble(double* out) {
    if (Left() < 8) return false;
    memcpy(out, p_, 8);
    p_ += 8;
    if (std::isnan(*out)) *out = std::nan("");
    return true;
  }
  bool ReadOneByte(Local<Value>* out) {
    uint32_t n;
    Local<String> s;
    if (!ReadVarint(&n) || n > Left() || !String::NewFromOneByte(iso_, p_, NewStringType::kNormal, (int)n).ToLocal(&s)) return false;
    p_ += n;
    *out = s;
    return true;
  }
  bool ReadTwoByte(Local<Value>* out) {
    uint32_t n;
    Local<String> s;
    if (!ReadVarint(&n) || n > Left() || n % 2 || (uintptr_t)p_ % 2 ||
        !String::NewFromTwoByte(iso_, reinterpret_cast<const uint16_t*>(p_), NewStringType::kNormal, (int)(n / 2)).ToLocal(&s))
      return false;
    p_ += n;
    *out = s;
    return true;
  }

  size_t Begin() {
    shapes_->objects.emplace_back();
    return shapes_->objects.size() - 1;
  }

  // An object with values inside: its number, and its part of the stack of values.
  bool Nested(Local<Value>* out, bool (Unpacker::*read)(Local<Value>*, size_t, size_t)) {
    if (++depth_ > kDeepest) return false;
    size_t id = Begin(), base = shapes_->values.size();
    if (!(this->*read)(out, id, base)) return false;
    shapes_->objects[id] = *out;
    shapes_->values.resize(base);
    depth_--;
    return true;
  }

  bool ReadObject(Local<Value>* out, size_t, size_t base) {
    Node* node = &shapes_->root;
    while (!PeekTag('{')) {
      node = Follow(node);
      Local<Value> value;
      if (!node || !ReadValue(&value)) return false;
      shapes_->values.emplace_back(value);
    }
    p_++;
    uint32_t count;
    if (!ReadVarint(&count) || count != node->depth) return false;
    MemorySpan<MaybeLocal<Value>> values(shapes_->values.data() + base, count);
    if (count == 0) *out = Object::New(iso_);
    else if (!node->met) return ByHand(out, node, values);
    else *out = Shape(node)->NewInstance(context_, values);
    return true;
  }

  // The node that the next key leads to, past which it moves; null when there is none and shall be none.
  Node* Follow(Node* node) {
    for (size_t i = 0; i < node->next.size(); i++) {
      Node* next = node->next[i].get();
      if (next->key.size() > Left() || memcmp(next->key.data(), p_, next->key.size()) != 0) continue;
      if (i > 0) std::swap(node->next[0], node->next[i]);
      p_ += next->key.size();
      return next;
    }
    return Grow(node);
  }
  Node* Grow(Node* node) {
    if (node->depth >= kKeys || node->next.size() >= kBranches || shapes_->nodes >= kNodes) return nullptr;
    const uint8_t* begin = p_;
    uint32_t n;
    // Other keys are numbers and wide strings; a string that looks like a number or is __proto__ is not risked.
    if (*p_++ != '"' || !ReadVarint(&n) || n == 0 || n > 128 || n > Left() || (p_[0] >= '0' && p_[0] <= '9')) return nullptr;
    for (uint32_t i = 0; i < n; i++)
      if (p_[i] >= 0x80) return nullptr;
    if (std::string_view(reinterpret_cast<const char*>(p_), n) == "__proto__") return nullptr;
    p_ += n;
    auto made = std::make_unique<Node>();
    made->key.assign(reinterpret_cast<const char*>(begin), (size_t)(p_ - begin));
    made->parent = node;
    made->depth = node->depth + 1;
    shapes_->nodes++;
    node->next.push_back(std::move(made));
    std::swap(node->next.front(), node->next.back());
    return node->next.front().get();
  }

  // The name of a node's key: what follows the tag and the length, which takes two bytes from 128 on.
  static std::string_view Name(const Node* node) { return std::string_view(node->key).substr(node->key[1] & 0x80 ? 3 : 2); }
  static std::vector<std::string_view> Names(const Node* node) {
    std::vector<std::string_view> names(node->depth);
    for (; node->parent; node = node->parent) names[node->depth - 1] = Name(node);
    return names;
  }

  Local<DictionaryTemplate> Shape(Node* node) {
    if (!node->shape.IsEmpty()) return node->shape.Get(iso_);
    std::vector<std::string_view> names = Names(node);
    Local<DictionaryTemplate> made = DictionaryTemplate::New(iso_, MemorySpan<const std::string_view>(names.data(), names.size()));
    node->shape.Reset(iso_, made);
    return made;
  }

  // The first object of its kind may be the last one.
  bool ByHand(Local<Value>* out, Node* node, MemorySpan<MaybeLocal<Value>> values) {
    node->met = true;
    Local<Object> object = Object::New(iso_);
    size_t i = 0;
    for (std::string_view name : Names(node)) {
      Local<String> key;
      if (!String::NewFromOneByte(iso_, reinterpret_cast<const uint8_t*>(name.data()), NewStringType::kInternalized, (int)name.size()).ToLocal(&key) ||
          !object->CreateDataProperty(context_, key, values[i++].ToLocalChecked()).FromMaybe(false))
        return false;
    }
    *out = object;
    return true;
  }

  bool ReadArray(Local<Value>* out, size_t, size_t) {
    uint32_t length, properties, again;
    if (!ReadVarint(&length) || length > Left()) return false;
    std::vector<Local<Value>> elements(length);
    for (auto& element : elements)
      if (!ReadValue(&element)) return false;
    if (!PeekTag('$')) return false;
    p_++;
    if (!ReadVarint(&properties) || properties != 0 || !ReadVarint(&again) || again != length) return false;
    *out = Array::New(iso_, elements.data(), length);
    return true;
  }

  bool ReadMap(Local<Value>* out, size_t id, size_t) {
    Local<Map> map = Map::New(iso_);
    shapes_->objects[id] = map;
    uint32_t n = 0, count;
    for (; !PeekTag(':'); n += 2) {
      Local<Value> key, value;
      if (!ReadValue(&key) || !ReadValue(&value) || map->Set(context_, key, value).IsEmpty()) return false;
    }
    p_++;
    *out = map;
    return ReadVarint(&count) && count == n;
  }
  bool ReadSet(Local<Value>* out, size_t id, size_t) {
    Local<Set> set = Set::New(iso_);
    shapes_->objects[id] = set;
    uint32_t n = 0, count;
    for (; !PeekTag(','); n++) {
      Local<Value> value;
      if (!ReadValue(&value) || set->Add(context_, value).IsEmpty()) return false;
    }
    p_++;
    *out = set;
    return ReadVarint(&count) && count == n;
  }

  Isolate* iso_;
  Local<Context> context_;
  rt_shapes* shapes_;
  const uint8_t* p_;
  const uint8_t* end_;
  int depth_ = 0;
};

}  // namespace

void rt_shapes_dispose(rt_isolate* rt) {
  delete rt->shapes;
  rt->shapes = nullptr;
}

MaybeLocal<Value> rt_unpack(rt_isolate* rt, const uint8_t* data, size_t size) {
  if (size > kMost) return MaybeLocal<Value>();
  if (!rt->shapes) rt->shapes = new rt_shapes;
  rt_shapes* shapes = rt->shapes;
  if (shapes->rest > 0) {
    shapes->rest--;
    return MaybeLocal<Value>();
  }
  EscapableHandleScope scope(rt->iso);
  TryCatch caught(rt->iso);  // memory for a string may be missing; V8's reader will say so
  Unpacker unpacker(rt, shapes, data, size);
  Local<Value> out;
  if (unpacker.ReadHeader() && unpacker.ReadValue(&out) && unpacker.AtEnd()) {
    shapes->penalty = 0;
    return scope.Escape(out);
  }
  shapes->penalty = shapes->penalty == 0 ? 1 : shapes->penalty < 64 ? shapes->penalty * 2 : 64;
  shapes->rest = shapes->penalty;
  return MaybeLocal<Value>();
}
