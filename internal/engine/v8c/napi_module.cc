// napi_module.cc: loading addons (.node files).
#include <dlfcn.h>

#include <mutex>
#include <unordered_map>

#include "napi_internal.h"

using namespace roost_napi;

namespace {

// What a library registered from its static constructors, while this thread was loading it.
struct Registration {
  napi_module* module = nullptr;
  bool needs_v8 = false;  // it was built against V8's and Node's C++ classes, not Node-API
};
thread_local Registration registering;

// Constructors run at the first load only, so what they registered is kept by library.
std::mutex known_mu;
std::unordered_map<void*, napi_module*>& known() {  // guarded by known_mu
  static auto* map = new std::unordered_map<void*, napi_module*>;
  return *map;
}

// A module may register without an initialiser.
napi_value no_entry_point(napi_env env, napi_value) {
  napi_throw_error(env, nullptr, "Module has no declared entry point.");
  return nullptr;
}

struct Loaded {
  napi_addon_register_func init = nullptr;
  int version = kDefaultModuleVersion;
  std::string error;  // empty: loaded
};

template <typename F>
F symbol(void* library, const char* name) {
  return reinterpret_cast<F>(dlsym(library, name));
}

// All symbols are bound at once: a library that needs what we don't have must fail here, with a message, rather than end
// the process at its first call. libuv's functions are the exception, as many addons link some that they never call.
void* open_library(const char* path, int flags, std::string* error) {
  int scope = flags & (RTLD_GLOBAL | RTLD_NODELETE | RTLD_DEEPBIND);
  if (void* library = dlopen(path, RTLD_NOW | scope)) return library;
  const char* text = dlerror();
  *error = text != nullptr ? text : "dlopen failed";
  if (error->find("undefined symbol: uv_") == std::string::npos || (flags & RTLD_NOW) != 0) return nullptr;
  void* library = dlopen(path, RTLD_LAZY | scope);
  if (library == nullptr && (text = dlerror()) != nullptr) *error = text;
  return library;
}

std::string not_an_addon(const char* path, bool needs_v8) {
  if (!needs_v8) return std::string("Module did not self-register: '") + path + "'.";
  return std::string("The module '") + path + "' uses V8's C++ API. Only modules built with Node-API can be loaded.";
}

Loaded load_library(const char* path, int flags) {
  Loaded out;
  registering = Registration();
  void* library = open_library(path, flags, &out.error);
  Registration got = std::exchange(registering, Registration());
  if (library == nullptr) {
    if (got.needs_v8) out.error = not_an_addon(path, true);
    return out;
  }
  out.error.clear();
  {
    std::lock_guard<std::mutex> lock(known_mu);
    if (got.module != nullptr) known()[library] = got.module;
    auto i = known().find(library);
    if (i != known().end()) {
      out.init = i->second->nm_register_func;
      if (out.init == nullptr) out.init = no_entry_point;
    }
  }
  // The well-known symbol is the newer way, and works in every isolate.
  auto init = symbol<napi_addon_register_func>(library, "napi_register_module_v1");
  if (init != nullptr) out.init = init;
  if (auto version = symbol<node_api_addon_get_api_version_func>(library, "node_api_module_get_api_version_v1")) {
    out.version = version();
  }
  if (out.init != nullptr) return out;
  out.error = not_an_addon(path, got.needs_v8);
  dlclose(library);
  return out;
}

std::string file_url(const char* path) {
  static const char hex[] = "0123456789ABCDEF";
  std::string url = "file://";
  for (const char* p = path; *p != 0; p++) {
    unsigned char c = static_cast<unsigned char>(*p);
    bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr("/-_.~!$&'()*+,;=:@", c) != nullptr;
    if (plain) {
      url += static_cast<char>(c);
    } else {
      url += '%';
      url += hex[c >> 4];
      url += hex[c & 15];
    }
  }
  return url;
}

rt_value throw_in(rt_isolate* rt, v8::Local<v8::Value> error) {
  v8::TryCatch tc(rt->iso);
  rt->iso->ThrowException(error);
  rt_keep_exception(rt, tc);
  return nullptr;
}

}  // namespace

void napi_module_register(napi_module* mod) { registering.module = mod; }

// Addons for V8's C++ API register here. We only remember that one did, for the message.
extern "C" NAPI_EXTERN void node_module_register(void*) { registering.needs_v8 = true; }

rt_value rt_addon_load(rt_isolate* rt, const char* path, int flags, rt_value exports) {
  napi_env root = rt_napi_env(rt);
  Loaded loaded = load_library(path, flags);
  if (!loaded.error.empty()) return throw_in(rt, error_new(root, ErrorKind::kError, "ERR_DLOPEN_FAILED", loaded.error.c_str()));
  if (loaded.version > kVersion && loaded.version != NAPI_VERSION_EXPERIMENTAL) {
    std::string message = std::string(path) + " requires Node-API version " + std::to_string(loaded.version) +
                          ", but this version of Node.js only supports version " + std::to_string(kVersion) + " add-ons.";
    return throw_in(rt, error_new(root, ErrorKind::kError, nullptr, message.c_str()));
  }
  napi_env env = env_new(rt, loaded.version, file_url(path));
  root->addons.push_back(env);
  v8::EscapableHandleScope scope(rt->iso);
  v8::Local<v8::Value> result, error;
  call_addon(
      env,
      [&] {
        napi_value got = loaded.init(env, to_napi(rt_local(exports)));
        result = got != nullptr ? to_local(got) : rt_local(exports);
      },
      [&](v8::Local<v8::Value> e) { error = e; });
  if (!error.IsEmpty()) return throw_in(rt, error);
  return rt_to(scope.Escape(result));
}

napi_status node_api_get_module_file_name(node_api_basic_env env, const char** result) {
  NAPI_CHECK_ENV(env);
  NAPI_CHECK_ARG(env, result);
  *result = env->filename.c_str();
  return done(env);
}
