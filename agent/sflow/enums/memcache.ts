// Protocol, command and status of a memcache operation. See sFlow Memcache Structures, "memcache_operation".

export const memcacheProtocol: Readonly<Record<number, string>> = {
  0: "other",
  1: "ascii",
  2: "binary",
};

export const memcacheCommand: Readonly<Record<number, string>> = {
  0: "other",
  1: "set",
  2: "add",
  3: "replace",
  4: "append",
  5: "prepend",
  6: "cas",
  7: "get",
  8: "gets",
  9: "incr",
  10: "decr",
  11: "delete",
  12: "stats",
  13: "flush",
  14: "version",
  15: "quit",
  16: "touch",
};

export const memcacheStatus: Readonly<Record<number, string>> = {
  0: "unknown",
  1: "OK",
  2: "ERROR",
  3: "CLIENT_ERROR",
  4: "SERVER_ERROR",
  5: "STORED",
  6: "NOT_STORED",
  7: "EXISTS",
  8: "NOT_FOUND",
  9: "DELETED",
};
