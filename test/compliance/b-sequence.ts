// B, sequence and identity: numbers that count up by one, an identity that stays, an uptime that agrees with the
// clock.

import { showAddress } from "../../agent/sflow/address.ts";
import { distance } from "../../agent/sflow/continuity.ts";
import { type Check, check, type Evidence, each, eachOf } from "./check.ts";
import { uptime } from "./kernel-text.ts";
import { groupBy, type Placed, successive } from "./stream.ts";

type Numbered = Placed<{ readonly sequenceNumber: number }> & { readonly source: string };

const steps = (samples: readonly Numbered[]): string[] | undefined => {
  const pairs = successive(samples, ({ source }) => source);
  return eachOf(pairs, ([before, after]) => {
    const step = distance(before.sample.sequenceNumber, after.sample.sequenceNumber);
    return step !== 1 && `${after.name} ${after.source}: from ${before.sample.sequenceNumber} by ${step}`;
  });
};

const one = (values: readonly (string | number)[], what: string): string[] => {
  const all = [...new Set(values)];
  return all.length > 1 ? [`${what} ${all.join(", ")}`] : [];
};

/** Milliseconds by which the steps of uptime and arrival differ, from each datagram to the next. */
const drifts = ({ stream }: Evidence): { name: string; uptimeMoved: number; apart: number }[] =>
  successive(stream.opened, () => "").map(([before, after]) => {
    const uptimeMoved = distance(before.datagram.uptime, after.datagram.uptime);
    return { name: after.name, uptimeMoved, apart: uptimeMoved - (after.time - before.time) * 1000 };
  });

const UNUSABLE = /^(0\.|22[4-9]\.|23\d\.|169\.254\.|ff|fe[89ab])|^::$/;

function judgeAgent(address: string, known: readonly string[] | undefined): string | undefined {
  if (UNUSABLE.test(address)) return `${address} names no host`;
  return known !== undefined && !known.includes(address) ? `${address} is not the host's` : undefined;
}

function bootDifference({ stream, truth }: Evidence): string[] | undefined {
  if (truth === undefined) return undefined;
  return eachOf(stream.opened, ({ name, time, datagram }) => {
    const [snapshot] = truth.around(time).toSorted((a, b) => Math.abs(a.time - time) - Math.abs(b.time - time));
    if (snapshot === undefined) return undefined;
    const booted = (uptime(snapshot) + time - snapshot.time) * 1000;
    const apart = distance(booted % 0x1_0000_0000, datagram.uptime);
    return Math.abs(apart) > 1500 && `${name}: uptime ${datagram.uptime} ms, the host's is ${Math.round(booted)} ms`;
  });
}

export const sequence: readonly Check[] = [
  check("B-01", "M", "datagrams count up by one", ({ stream }) =>
    eachOf(
      successive(stream.opened, ({ datagram }) => `${showAddress(datagram.agentAddress)}/${datagram.subAgentId}`),
      ([before, after]) => {
        const step = distance(before.datagram.sequenceNumber, after.datagram.sequenceNumber);
        return step !== 1 && `${after.name}: from ${before.datagram.sequenceNumber} by ${step}`;
      },
    ),
  ),
  check("B-02", "M", "flow samples of a data source count up by one", ({ stream }) => steps(stream.flows)),
  check("B-03", "M", "counters samples of a data source count up by one", ({ stream }) => steps(stream.counters)),
  check("B-04", "M", "discarded packets of a data source count up by one", ({ stream }) => steps(stream.discards)),
  check("B-06", "M", "the agent address stays the same", ({ stream }) =>
    one(
      stream.opened.map(({ datagram }) => showAddress(datagram.agentAddress)),
      "agent addresses",
    ),
  ),
  check("B-07", "S", "the agent address is the host's", ({ stream, expect: { addresses } }) => {
    const agents = [...new Set(stream.opened.map(({ datagram }) => showAddress(datagram.agentAddress)))];
    return eachOf(agents, (address) => judgeAgent(address, addresses));
  }),
  check("B-08", "M", "each data source belongs to one sub-agent", ({ stream }) => {
    const sources = groupBy([...stream.flows, ...stream.counters], ({ source }) => source.split(" ")[1] ?? "");
    return [...sources].flatMap(([source, samples]) =>
      one(
        samples.map(({ seen }) => seen.datagram.subAgentId),
        `${source}: sub-agents`,
      ),
    );
  }),
  check("B-09", "M", "uptime never goes back, and moves with the clock", (evidence) =>
    eachOf(drifts(evidence), ({ name, uptimeMoved, apart }) => {
      if (uptimeMoved < 0) return `${name}: uptime went back by ${-uptimeMoved} ms`;
      return Math.abs(apart) > 1100 && `${name}: ${Math.round(apart)} ms apart from the clock`;
    }),
  ),
  check("B-10", "S", "uptime is the host's", bootDifference),
  check("B-15", "M", "the sub-agent stays the same", ({ stream }) =>
    one(
      stream.opened.map(({ datagram }) => datagram.subAgentId),
      "sub-agents",
    ),
  ),
  check("B-16", "P", "the UDP source port stays the same", ({ stream }) => {
    const ports = stream.seen.flatMap(({ sourcePort }) => sourcePort ?? []);
    return ports.length === 0 ? undefined : one(ports, "source ports");
  }),
  check("B-18", "M", "samples are in order where datagrams are", ({ stream }) => {
    const inOrder = stream.flows.toSorted((a, b) =>
      distance(b.seen.datagram.sequenceNumber, a.seen.datagram.sequenceNumber),
    );
    return each(
      successive(inOrder, ({ source }) => source),
      ([before, after]) =>
        distance(before.sample.sequenceNumber, after.sample.sequenceNumber) <= 0 &&
        `${after.name} ${after.source}: ${after.sample.sequenceNumber} after ${before.sample.sequenceNumber}`,
    );
  }),
];
