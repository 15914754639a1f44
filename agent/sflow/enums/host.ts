// Machine types, operating systems and states of a host or virtual machine. See sFlow Host Structures, "machine_type",
// "os_name"; libvirt virDomainState.

export const machineType: Readonly<Record<number, string>> = {
  0: "unknown",
  1: "other",
  2: "x86",
  3: "x86_64",
  4: "ia64",
  5: "sparc",
  6: "alpha",
  7: "powerpc",
  8: "m68k",
  9: "mips",
  10: "arm",
  11: "hppa",
  12: "s390",
};

export const osName: Readonly<Record<number, string>> = {
  0: "unknown",
  1: "other",
  2: "linux",
  3: "windows",
  4: "darwin",
  5: "hpux",
  6: "aix",
  7: "dragonfly",
  8: "freebsd",
  9: "netbsd",
  10: "openbsd",
  11: "osf",
  12: "solaris",
};

export const domainState: Readonly<Record<number, string>> = {
  0: "nostate",
  1: "running",
  2: "blocked",
  3: "paused",
  4: "shutting down",
  5: "shut off",
  6: "crashed",
  7: "pm-suspended",
};
