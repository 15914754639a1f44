// The encoder against datagrams that sflowtool and tcpdump accept, byte for byte.

import { expect, test } from "vitest";
import { interfaceSource } from "../../agent/sflow/data-source.ts";
import { counterRecord, flowRecord } from "../../agent/sflow/record.ts";
import { ifCounters } from "../../agent/sflow/records/counter/if-counters.ts";
import { portName } from "../../agent/sflow/records/counter/port-name.ts";
import { extendedFunction } from "../../agent/sflow/records/flow/extended-function.ts";
import { sampledHeader } from "../../agent/sflow/records/flow/sampled-header.ts";
import { hex, makeBench, unhex } from "./bench-agent.ts";

const COUNTERS = unhex(`
  000000050000000220010db80000000000000000000000010000000500000001
  0000000100000001000000040000008000000009000000000000000300000002
  00000001000000580000000300000006000000003b9aca000000000100000003
  00000000000003e80000000affffffffffffffff0000000000000000ffffffff
  00000000000007d000000014ffffffffffffffff000000000000000000000000
  000003ed000000080000000465746830`);

const DISCARD = unhex(`
  0000000500000001c0000201000000000000002c0001e8480000000100000005
  0000008400000001000000000000000300000002000000030000000000000113
  0000000200000001000000440000000100000035000000040000003102000000
  000202000000000108004500002300010000401100000a0000010a0000021388
  0035000f0000787878787878780000000000040e000000100000000b69705f72
  63765f636f726500`);

test("expanded counters sample of an IPv6 agent", () => {
  const { agent, receiver, sent } = makeBench({
    address: unhex("20010db8000000000000000000000001"),
    subAgentId: 5,
    uptime: 1,
    firstSample: 9,
  });
  const poller = agent.poller(interfaceSource(3));
  poller.contribute((into) => {
    into.push(counterRecord(portName, { name: "eth0" }));
    into.push(
      counterRecord(ifCounters, {
        ifIndex: 3,
        ifType: 6,
        ifSpeed: 1_000_000_000,
        ifDirection: 1,
        ifStatus: 3,
        ifInOctets: 1000,
        ifInUcastPkts: 10,
        ifInMulticastPkts: undefined,
        ifInBroadcastPkts: undefined,
        ifInDiscards: 0,
        ifInErrors: 0,
        ifInUnknownProtos: undefined,
        ifOutOctets: 2000,
        ifOutUcastPkts: 20,
        ifOutMulticastPkts: undefined,
        ifOutBroadcastPkts: undefined,
        ifOutDiscards: 0,
        ifOutErrors: 0,
        ifPromiscuousMode: 0,
      }),
    );
  });
  poller.sampleNow();
  receiver.flush();
  expect(hex(sent[0])).toBe(hex(COUNTERS));
});

test("discarded packet", () => {
  const { agent, receiver, sent } = makeBench({ uptime: 125_000, firstDatagram: 44 });
  const notifier = agent.notifier(interfaceSource(3));
  notifier.lose(2);
  notifier.write({
    input: 3,
    output: 0,
    reason: 275,
    records: [
      flowRecord(extendedFunction, { symbol: "ip_rcv_core" }),
      flowRecord(sampledHeader, { protocol: 1, frame_length: 53, stripped: 4, header: DISCARD.slice(92, 141) }),
    ],
  });
  receiver.flush();
  expect(hex(sent[0])).toBe(hex(DISCARD));
});
