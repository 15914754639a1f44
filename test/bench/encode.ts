// The cost of numbering a sampled packet and encoding it into a datagram, without sending.

import { interfaceSource } from "../../agent/sflow/data-source.ts";
import { makeAgent } from "../../agent/sflow/make-agent.ts";
import { Receiver } from "../../agent/sflow/receiver.ts";
import { many } from "../sflow/packets.ts";

const PACKETS = 256;
const ROUNDS = 400;

/** The best of a few runs is the cost of the code: other work on the machine only adds to it. */
function best(runs: number, measure: () => number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) least = Math.min(least, measure());
  return least;
}

/** Headers of 128 bytes with a time stamp, in batches as the capture hands them over, datagrams of 1400 bytes. */
export function benchEncode(): { name: string; nanosecondsPerOp: number } {
  const environment = {
    clock: { uptime: () => 0, after: () => ({ cancel: () => undefined }) },
    random: () => 0,
    guard: (_: string, run: () => void) => {
      run();
      return true;
    },
    queue: { add: (piece: () => void) => piece() },
  };
  const stream = { address: Uint8Array.of(192, 0, 2, 1), subAgentId: 0, datagramBytes: 1400 };
  const receiver = new Receiver(environment, stream);
  receiver.add({ send: () => undefined });
  const sampler = makeAgent(environment, receiver, 0).sampler(interfaceSource(3));
  const batch = many(PACKETS, { header: new Uint8Array(128).fill(0x5a), seconds: 1_700_000_000 }, { gap: 4 });
  const measure = () => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < ROUNDS; i++) sampler.write(batch);
    return Number(process.hrtime.bigint() - start) / (ROUNDS * PACKETS);
  };
  return { name: "encode a sampled packet of 128 bytes", nanosecondsPerOp: best(15, measure) };
}
