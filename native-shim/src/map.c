// Maps memory that the kernel shares through a descriptor, such as the ring of a packet socket, as an ArrayBuffer.
// See mmap(2) and packet(7).
#include "shim.h"

#include <errno.h>
#include <sys/mman.h>

// Maps `length` bytes of the descriptor's file from `offset` on, for writing too if `writable` is not 0. Returns the
// buffer, or -errno. The mapping keeps the file open, even after its descriptor is closed.
napi_value shim_map(napi_env env, napi_callback_info info) {
  int fd;
  size_t length, offset, writable;
  napi_value buffer;
  if (!take(env, info, "dnnn", &fd, &length, &offset, &writable)) return NULL;
  void *memory = mmap(NULL, length, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED, fd, (off_t)offset);
  if (memory == MAP_FAILED) return give_result(env, -1);
  madvise(memory, length, MADV_DONTFORK);
  if (napi_create_external_arraybuffer(env, memory, length, NULL, NULL, &buffer) == napi_ok) return buffer;
  munmap(memory, length);
  return give(env, -ENOTSUP);
}

// Unmaps the memory. Detaches the buffer first, so that no array over it can access memory that is unmapped.
napi_value shim_unmap(napi_env env, napi_callback_info info) {
  napi_value buffer;
  void *memory;
  size_t length;
  bool detached;
  if (!take(env, info, "v", &buffer)) return NULL;
  if (napi_is_detached_arraybuffer(env, buffer, &detached) != napi_ok || detached ||
      napi_get_arraybuffer_info(env, buffer, &memory, &length) != napi_ok ||
      napi_detach_arraybuffer(env, buffer) != napi_ok)
    return give(env, -EINVAL);
  return give_result(env, munmap(memory, length));
}
