// Which of the collectors that DNS names get datagrams. RFC 2782, "priority" and "weight".

import { createHash } from "node:crypto";
import type { Srv } from "../../dns/message.ts";

/** The target of an SRV record, and what it resolves to. */
export interface Candidate {
  readonly srv: Srv;
  readonly addresses: readonly string[];
}

/** 0 < n < 1, the same for the same words and spread evenly over different ones. */
function draw(words: string): number {
  const bytes = createHash("sha256").update(words).digest();
  return (bytes.readUIntBE(0, 6) + 0.5) / 2 ** 48;
}

/**
 * Each host draws in proportion to the weights, always the same, and so that a collector that comes or goes moves only
 * those hosts that it takes or leaves (rendezvous hashing).
 */
function drawOne(group: readonly Candidate[], host: string): Candidate | undefined {
  const score = ({ srv: { target, port, weight } }: Candidate): number =>
    weight / -Math.log(draw(`${host} ${target.toLowerCase()} ${port}`));
  return group.toSorted((a, b) => score(b) - score(a))[0];
}

/**
 * Of the lowest number of priority that has an address at all: all where no weight is given, as hsflowd does; one of
 * them where the zone shares hosts out by weight. `host` tells hosts apart.
 */
export function chooseCollectors(candidates: readonly Candidate[], host: string): readonly Candidate[] {
  const usable = candidates.filter(({ addresses }) => addresses.length > 0);
  const lowest = Math.min(...usable.map(({ srv }) => srv.priority));
  const group = usable.filter(({ srv }) => srv.priority === lowest);
  if (group.every(({ srv }) => srv.weight === 0)) return group;
  const one = drawOne(group, host);
  return one === undefined ? [] : [one];
}
