// context.cc: contexts of node:vm.
#include "rt_internal.h"

void rt_natives_context(std::vector<rt_builtin_native>*) {}
