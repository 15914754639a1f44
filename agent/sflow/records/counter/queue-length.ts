// How long a queue was when packets were added to it: a histogram. See the sFlow.org structure number registry.

import { counter32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

export const queueLength = counterType("queue_length", 1003, {
  queueIndex: uint32,
  /** Size of a segment in bytes, and number of segments of the queue. */
  segmentSize: uint32,
  queueSegments: uint32,
  /** Packets that found the queue no longer than so many segments. */
  queueLength0: counter32,
  queueLength1: counter32,
  queueLength2: counter32,
  queueLength4: counter32,
  queueLength8: counter32,
  queueLength32: counter32,
  queueLength128: counter32,
  queueLength1024: counter32,
  queueLengthMore: counter32,
  dropped: counter32,
});
