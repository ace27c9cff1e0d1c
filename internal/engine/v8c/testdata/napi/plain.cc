// A library for napi_test.go's loading errors: without a macro it isn't an addon at all.
#include "napi.h"

extern "C" void node_module_register(void*);
extern "C" void no_such_function();

#ifdef WITH_CPP_API
namespace {
__attribute__((constructor)) void register_cpp() { node_module_register(nullptr); }
}  // namespace
#endif

#ifdef WITH_MISSING
extern "C" NAPI_MODULE_EXPORT void call_it() { no_such_function(); }
#endif

#if defined(WITH_VERSION) || defined(WITH_THROW)
extern "C" NAPI_MODULE_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_throw_error(env, "E_INIT", "no");
  return exports;
}
#endif

#ifdef WITH_VERSION
extern "C" NAPI_MODULE_EXPORT int32_t node_api_module_get_api_version_v1() { return WITH_VERSION; }
#endif

#ifdef WITH_REGISTER
namespace {
napi_module module = {1, 0, __FILE__, [](napi_env, napi_value exports) { return exports; }, "old", nullptr, {}};
__attribute__((constructor)) void register_old() { napi_module_register(&module); }
}  // namespace
#endif
