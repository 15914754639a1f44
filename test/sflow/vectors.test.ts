// Compares the encoder, byte for byte, with datagrams that sflowtool and tcpdump accept.

import { expect, test } from "vitest";
import { interfaceSource } from "../../agent/sflow/data-source.ts";
import { counterRecord, flowRecord } from "../../agent/sflow/record.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { extendedFunction } from "../../agent/sflow/records/flow/extended-function.ts";
import { sampledHeader } from "../../agent/sflow/records/flow/sampled-header.ts";
import { makeBench } from "./agent-bench.ts";
import { fromHex, toHex, vectors } from "./vectors.ts";

const plain = (hex: string): string => hex.replaceAll("\n", "");

test("encodes an expanded counters sample of an IPv6 agent", () => {
  const address = fromHex("20010db8000000000000000000000001");
  const { agent, receiver, sent } = makeBench({ address, subAgentId: 5, uptime: 1, firstSample: 9 });
  const poller = agent.poller(interfaceSource(3));
  poller.contribute((into) => {
    into.push(counterRecord(portName, { name: "eth0" }));
    into.push(
      counterRecord(ifCounters, {
        ...ifCounters.unknown,
        ifIndex: 3,
        ifType: 6,
        ifSpeed: 1_000_000_000,
        ifDirection: 1,
        ifStatus: 3,
        ifInOctets: 1000,
        ifInUcastPkts: 10,
        ifInDiscards: 0,
        ifInErrors: 0,
        ifOutOctets: 2000,
        ifOutUcastPkts: 20,
        ifOutDiscards: 0,
        ifOutErrors: 0,
      }),
    );
  });
  poller.sampleNow();
  receiver.flush();
  expect(sent.bytes.map(toHex)).toEqual([plain(vectors.C)]);
});

test("encodes a discarded packet", () => {
  const { agent, receiver, sent } = makeBench({ uptime: 125_000, firstDatagram: 44 });
  const notifier = agent.notifier(interfaceSource(3));
  const header = fromHex(vectors.D).slice(92, 141);
  notifier.lose(2);
  notifier.write({
    input: 3,
    output: 0,
    reason: 275,
    records: [
      flowRecord(extendedFunction, { symbol: "ip_rcv_core" }),
      flowRecord(sampledHeader, { protocol: 1, frame_length: 53, stripped: 4, header }),
    ],
  });
  receiver.flush();
  expect(sent.bytes.map(toHex)).toEqual([plain(vectors.D)]);
});
