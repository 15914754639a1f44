// Samples in, datagrams out: fills datagrams, sends them in time, numbers them per stream. SFLOW-MIB sFlowReceiver; sFlow v5, section 4.

import type { Cursor } from "../xdr/cursor.ts";
import type { Collector } from "./collector.ts";
import { BATCH, Datagrams, type Stream } from "./datagram.ts";
import type { Environment } from "./environment.ts";

/** Milliseconds that the first sample of a datagram waits for company. sFlow v5 allows a second. */
const PATIENCE = 100;

/** What collectors are added to. */
export interface Collectors {
  /** It gets every datagram from here on. The function returned takes it out, after what is pending has gone to it. */
  add(collector: Collector): () => void;
}

export interface ReceiverCounters {
  /** Each counted once, however many collectors got it. */
  datagrams: number;
  bytes: number;
}

/** Without a collector or an agent address it is `suppressed`: nothing may be written, so that nothing is numbered. */
export interface Receiver extends Collectors {
  readonly counters: Readonly<ReceiverCounters>;
  readonly suppressed: boolean;
  /** The most bytes a sample may have, tag and length included. */
  readonly room: number;
  /** Where a sample of exactly this many bytes, a multiple of 4 and `room` at most, is put: at once, before the next call. */
  place(length: number): Cursor;
  /** What is pending goes out as it is; numbering goes on where a stream of this address and sub-agent was before. */
  configure(stream: Stream): void;
  /** Sends all that is pending. */
  flush(): void;
  /** Called each time the receiver stops being suppressed. */
  onActive(listener: () => void): void;
}

/** `firstSequence` is where every stream begins. */
export function makeReceiver({ clock, guard }: Environment, initial: Stream, firstSequence = 1): Receiver {
  const collectors = new Set<Collector>();
  const listeners: (() => void)[] = [];
  const counters: ReceiverCounters = { datagrams: 0, bytes: 0 };
  const sequences = new Map<string, number>();
  let stream = initial;
  let datagrams = new Datagrams(initial);
  let waiting = false;
  let suppressed = true;

  function send(): void {
    const key = `${stream.subAgentId} ${stream.address}`;
    // `>>> 0` is the modulo 2^32 at which uptime wraps, after 49 days.
    sequences.set(key, datagrams.stamp(sequences.get(key) ?? firstSequence, clock.uptime() >>> 0));
    for (const collector of collectors) guard("collector", () => collector.send(datagrams));
    counters.datagrams += datagrams.count;
    for (let i = 0; i < datagrams.count; i++) counters.bytes += datagrams.lengths[i] ?? 0;
    datagrams.clear();
  }

  function flush(): void {
    datagrams.close();
    if (datagrams.count > 0) send();
  }

  function makeRoom(): void {
    datagrams.close();
    if (datagrams.count === BATCH) send();
  }

  /** The timer is left to run out when a full batch went before it: what has come since then goes early, never late. */
  function wait(): void {
    waiting = true;
    clock.after(PATIENCE, () => {
      waiting = false;
      flush();
    });
  }

  function judge(): void {
    const before = suppressed;
    suppressed = collectors.size === 0 || stream.address === undefined;
    if (before && !suppressed) for (const listener of listeners) listener();
  }

  return {
    counters,
    get suppressed() {
      return suppressed;
    },
    get room() {
      return datagrams.room;
    },
    place(length) {
      if (!datagrams.fits(length)) makeRoom();
      if (!waiting) wait();
      return datagrams.reserve(length);
    },
    configure(next) {
      flush();
      stream = next;
      datagrams = new Datagrams(next);
      judge();
    },
    flush,
    add(collector) {
      flush();
      collectors.add(collector);
      judge();
      return () => {
        flush();
        collectors.delete(collector);
        judge();
      };
    },
    onActive(listener) {
      listeners.push(listener);
    },
  };
}
