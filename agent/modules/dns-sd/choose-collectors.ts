// Selects collectors by priority and weight of their SRV records. See RFC 2782, "priority" and "weight".

import { createHash } from "node:crypto";
import type { Srv } from "../../dns/message.ts";

/** An SRV record and the addresses of its target. */
export interface Candidate {
  readonly srv: Srv;
  readonly addresses: readonly string[];
}

/** Returns a number between 0 and 1, both excluded: the same for the same text, evenly distributed over texts. */
function hashToUnit(text: string): number {
  const bytes = createHash("sha256").update(text).digest();
  return (bytes.readUIntBE(0, 6) + 0.5) / 2 ** 48;
}

/**
 * Selects one collector by rendezvous hashing: hosts are shared out in proportion to the weights, and each host always
 * gets the same collector. When a collector is added or removed, only the hosts that it takes or leaves move.
 */
function chooseByWeight(group: readonly Candidate[], host: string): Candidate | undefined {
  const score = ({ srv: { target, port, weight } }: Candidate): number =>
    weight / -Math.log(hashToUnit(`${host} ${target.toLowerCase()} ${port}`));
  return group.toSorted((a, b) => score(b) - score(a))[0];
}

/**
 * Returns the collectors to use, from the lowest priority number at which a target has an address. If all weights there
 * are 0, these are all targets of that priority, as in hsflowd; otherwise one of them. `host` identifies this host.
 */
export function chooseCollectors(candidates: readonly Candidate[], host: string): readonly Candidate[] {
  const usable = candidates.filter(({ addresses }) => addresses.length > 0);
  const lowest = Math.min(...usable.map(({ srv }) => srv.priority));
  const group = usable.filter(({ srv }) => srv.priority === lowest);
  if (group.every(({ srv }) => srv.weight === 0)) return group;
  const one = chooseByWeight(group, host);
  return one === undefined ? [] : [one];
}
