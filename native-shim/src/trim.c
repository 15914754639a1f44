// Releases pages of Node.js itself, most of which only its start needed. See madvise(2), dl_iterate_phdr(3).
#include "shim.h"

#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Releases the pages of Node.js: the program, which has no name here, and Debian's libnode. Keeps writable segments.
static int trim_program(struct dl_phdr_info *program, size_t size, void *result) {
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  (void)size;
  const int is_node = program->dlpi_name[0] == '\0' || strstr(program->dlpi_name, "/libnode.so.") != NULL;
  for (int i = 0; is_node && i < program->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &program->dlpi_phdr[i];
    if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
    const uintptr_t at = program->dlpi_addr + segment->p_vaddr, begin = (at + page - 1) & -page;
    const uintptr_t end = (at + segment->p_filesz) & -page;
    if (begin < end && madvise((void *)begin, end - begin, MADV_DONTNEED) < 0) *(int *)result = -1;
  }
  return 0;
}

napi_value shim_trim(napi_env env, napi_callback_info info) {
  int result = 0;
  if (!take(env, info, "")) return NULL;
  dl_iterate_phdr(trim_program, &result);
  return give_result(env, result);
}
