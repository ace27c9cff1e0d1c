// scopes.cc: takes the place of the constructors of V8's ScopeIterator, which crash a program that is debugged. docs/rationale.md, "Why does the
// engine correct what V8 says of scopes?". The linker puts these between V8's files (--wrap), and nothing else of V8's inside is touched.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <v8-initialization.h>

// What V8 13.6.233.10, as the module proxy has it, keeps of a scope iterator, of a scope as its parser sees it, and of a context; by their offsets.
namespace {

struct Scope {
  Scope* outer;
  char unused[0x74 - sizeof(Scope*)];
  int context_slots;  // above 0: the scope's variables need a context
  uint8_t type;
};
static_assert(offsetof(Scope, context_slots) == 0x74 && offsetof(Scope, type) == 0x78);
constexpr uint8_t kFunctionScope = 4, kModuleScope = 5;

struct ScopeIterator {
  void* isolate;
  char unused[0x28 - sizeof(void*)];
  uintptr_t* function;  // handles; null: the iterator is out of the function
  uintptr_t* context;
  char unused_too[0x48 - 0x38];
  Scope* closure;  // of the function
  Scope* start;
  Scope* current;
};
static_assert(offsetof(ScopeIterator, function) == 0x28 && offsetof(ScopeIterator, context) == 0x30 && offsetof(ScopeIterator, closure) == 0x48 &&
              offsetof(ScopeIterator, current) == 0x58);

constexpr uintptr_t kTag = 1, kCage = ~(uintptr_t)0xffffffff;
constexpr int kContextPrevious = 0xc, kFunctionContext = 0x14, kDeepest = 100000;

uint32_t Field(uintptr_t object, int offset) { return *reinterpret_cast<uint32_t*>(object - kTag + offset); }

// How many contexts lie between where the function is and what it was made in; -1: not known.
int Contexts(const ScopeIterator* it) {
  uintptr_t at = *it->context;
  uint32_t made_in = Field(*it->function, kFunctionContext);
  for (int n = 0; n < kDeepest; n++) {
    if ((uint32_t)at == made_in) return n;
    uint32_t outer = Field(at, kContextPrevious);
    if (!(outer & kTag)) return -1;
    at = (at & kCage) | outer;
  }
  return -1;
}

// How many of the scopes around the place in the source have contexts, once all are entered.
int Scopes(const ScopeIterator* it) {
  int n = 0;
  for (Scope* s = it->current; s; s = s->outer) {
    if (s == it->closure && s->type == kModuleScope) return n;  // the module's function was made in its context
    n += s->context_slots > 0;
    if (s == it->closure) return n;
  }
  return -1;
}

}  // namespace

extern "C" {

bool rt_scope_outwards(ScopeIterator* it) __asm__("_ZN2v88internal13ScopeIterator15AdvanceOneScopeEv") __attribute__((weak));

// Leaves the scopes that are not entered yet: the inner ones, and the function's own at its very beginning.
static void Correct(ScopeIterator* it) {
  static const bool known = strcmp(v8::V8::GetVersion(), "13.6.233.10-v8go") == 0;
  if (!known || !it->function || !it->context || !it->current || !it->closure) return;
  int contexts = Contexts(it), scopes = Scopes(it);
  if (contexts < 0) return;
  for (; scopes > contexts && it->current != it->closure; it->start = it->current) {
    scopes -= it->current->context_slots > 0;
    if (!rt_scope_outwards(it)) return;
  }
  if (scopes <= contexts || it->closure->type != kFunctionScope) return;
  it->function = nullptr;
  it->closure = it->start = it->current = nullptr;
}

#define OF_FRAME _ZN2v88internal13ScopeIteratorC1EPNS0_7IsolateEPNS0_14FrameInspectorENS1_15ReparseStrategyE
#define OF_GENERATOR _ZN2v88internal13ScopeIteratorC1EPNS0_7IsolateENS0_6HandleINS0_17JSGeneratorObjectEEE
#define JOIN(a, b) a##b
#define REAL(name) JOIN(__real_, name)
#define WRAP(name) JOIN(__wrap_, name)

void REAL(OF_FRAME)(ScopeIterator*, void* isolate, void* frame, int strategy) __attribute__((weak));
void WRAP(OF_FRAME)(ScopeIterator* it, void* isolate, void* frame, int strategy) {
  REAL(OF_FRAME)(it, isolate, frame, strategy);
  Correct(it);
}

void REAL(OF_GENERATOR)(ScopeIterator*, void* isolate, void* generator) __attribute__((weak));
void WRAP(OF_GENERATOR)(ScopeIterator* it, void* isolate, void* generator) {
  REAL(OF_GENERATOR)(it, isolate, generator);
  Correct(it);
}
}
