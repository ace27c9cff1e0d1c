// file.cc: reading a small file in one go, for fs.readFileSync. The one input of the program that doesn't go through Go: the bytes land where
// JavaScript will have them, and a thread in C holds none of Go's processors while the disk is waited for. What isn't a small regular file goes
// back to Go with its descriptor; a file that can't be opened goes back for its error.
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "rt_internal.h"

using namespace v8;

namespace {

const size_t kSmall = 64 << 10;
const size_t kPath = 4096;

int Open(const char* path, int flags) {
  int fd;
  do fd = open(path, flags | O_CLOEXEC, 0666);
  while (fd < 0 && errno == EINTR);
  return fd;
}

// Up to n bytes; fewer when the file ends before. False on an error.
bool Read(int fd, uint8_t* to, size_t n, size_t* have) {
  for (*have = 0; *have < n;) {
    ssize_t got = read(fd, to + *have, n - *have);
    if (got == 0) break;
    if (got < 0 && errno != EINTR) return false;
    if (got > 0) *have += (size_t)got;
  }
  return true;
}

bool PathOf(Isolate* iso, Local<Value> v, char* to) {
  if (!v->IsString() || (size_t)v.As<String>()->Length() >= kPath) return false;
  size_t n = v.As<String>()->WriteUtf8V2(iso, to, kPath - 1, String::WriteFlags::kReplaceInvalidUtf8);
  to[n] = 0;
  return n < kPath - 4 && memchr(to, 0, n) == nullptr;
}

// readSmallFile(path, flags, asText) → text | ArrayBuffer | descriptor, which is the caller's | undefined when it can't be opened
void ReadSmallFile(const FunctionCallbackInfo<Value>& info) {
  Isolate* iso = info.GetIsolate();
  char path[kPath];
  if (!info[1]->IsInt32() || !PathOf(iso, info[0], path)) return;
  int fd = Open(path, info[1].As<Int32>()->Value());
  if (fd < 0) return;
  struct stat st;
  size_t have;
  // A size of 0 may mean that it isn't known.
  bool small = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && (size_t)st.st_size <= kSmall;
  if (small && info[2]->IsTrue()) {
    uint8_t bytes[kSmall];
    small = Read(fd, bytes, (size_t)st.st_size, &have);
    Local<String> text;
    if (small && rt_utf8_string(iso, bytes, have).ToLocal(&text)) info.GetReturnValue().Set(text);
  } else if (small) {
    std::unique_ptr<BackingStore> store = ArrayBuffer::NewBackingStore(iso, (size_t)st.st_size, BackingStoreInitializationMode::kUninitialized,
                                                                       BackingStoreOnFailureMode::kReturnNull);
    // One that became shorter meanwhile is Go's.
    small = store && Read(fd, static_cast<uint8_t*>(store->Data()), (size_t)st.st_size, &have) && have == (size_t)st.st_size;
    if (small) info.GetReturnValue().Set(ArrayBuffer::New(iso, std::move(store)));
  }
  if (small) {
    close(fd);
    return;
  }
  (void)lseek(fd, 0, SEEK_SET);
  info.GetReturnValue().Set(fd);
}

}  // namespace

void rt_natives_file(std::vector<rt_builtin_native>* out) { out->push_back({"readSmallFile", ReadSmallFile, false}); }
