// Makes maps of BPF, loads programs and attaches them. See bpf(2) and linux/bpf.h.
#include "shim.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BYTES_OF_INSTRUCTION = 8, ATTEMPTS = 5 };

// Adds the addresses of program, licence and log to the attributes of a program.
static void put_program(uint8_t *attributes, struct array program, struct array log) {
  union bpf_attr attr;
  memcpy(&attr, attributes, offsetof(union bpf_attr, kern_version));
  attr.insns = (uintptr_t)program.data;
  attr.insn_cnt = (uint32_t)(program.length / BYTES_OF_INSTRUCTION);
  attr.license = (uintptr_t) "GPL";
  attr.log_buf = (uintptr_t)log.data;
  attr.log_size = (uint32_t)log.length;
  memcpy(attributes, &attr, offsetof(union bpf_attr, kern_version));
}

// Calls bpf(2) and returns its result, mostly a descriptor. Attributes of the permitted commands have no address but
// those that are added here. The verifier stops with EAGAIN if a signal is pending.
napi_value shim_bpf(napi_env env, napi_callback_info info) {
  int command;
  struct array attributes, program, log;
  if (!take(env, info, "ibBB", &command, &attributes, &program, &log)) return NULL;
  if (command != BPF_MAP_CREATE && command != BPF_PROG_LOAD && command != BPF_LINK_CREATE && command != BPF_LINK_UPDATE)
    return throw_range(env, "the command makes no map, program or link, and updates no link");
  if (command == BPF_PROG_LOAD && attributes.length < offsetof(union bpf_attr, kern_version))
    return throw_range(env, "the attributes of a program have at least 40 bytes");
  if (command == BPF_PROG_LOAD) put_program(attributes.data, program, log);
  long result = -1;
  errno = EAGAIN;
  for (int i = 0; i < ATTEMPTS && result < 0 && errno == EAGAIN; i++)
    result = syscall(SYS_bpf, command, attributes.data, attributes.length);
  return give_result(env, result);
}
