// Memory, classes and threads of a Java virtual machine. See sFlow JVM Structures, "jvm_statistics".

import { appended32, counter32, uint32, uint64 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const jvmStatistics = counterType(
  "jvm_statistics",
  2106,
  {
    /** Sizes in bytes. */
    heap_initial: uint64,
    heap_used: uint64,
    heap_committed: uint64,
    heap_max: uint64,
    non_heap_initial: uint64,
    non_heap_used: uint64,
    non_heap_committed: uint64,
    non_heap_max: uint64,
    gc_count: counter32,
    /** Time in milliseconds. */
    gc_time: counter32,
    classes_loaded: uint32,
    classes_total: counter32,
    classes_unloaded: counter32,
    /** Time in milliseconds. */
    compilation_time: counter32,
    thread_num_live: uint32,
    thread_num_daemon: uint32,
    thread_num_started: counter32,
    /** The fields from here on were added in the second revision. */
    fd_open_count: appended32,
    fd_max_count: appended32,
  },
  2,
);
