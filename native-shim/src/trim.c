// Releases the memory pages of the program itself, most of which only its start needed. See madvise(2) and
// dl_iterate_phdr(3).
#include "shim.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

// Releases the pages of the program, which is the first object. Keeps writable segments, which differ from the file.
static int trim_program(struct dl_phdr_info *program, size_t size, void *result) {
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  (void)size;
  for (int i = 0; i < program->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &program->dlpi_phdr[i];
    if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
    uintptr_t begin = program->dlpi_addr + segment->p_vaddr;
    uintptr_t end = (begin + segment->p_filesz) & -page;
    begin = (begin + page - 1) & -page;
    if (begin < end && madvise((void *)begin, end - begin, MADV_DONTNEED) < 0) *(int *)result = -1;
  }
  return 1;
}

napi_value shim_trim(napi_env env, napi_callback_info info) {
  int result = 0;
  if (!take(env, info, "")) return NULL;
  dl_iterate_phdr(trim_program, &result);
  return give_result(env, result);
}
