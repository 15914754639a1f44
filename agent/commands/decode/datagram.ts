// Prints a decoded datagram as pairs of key and value, with the keys and in the order of sflowtool.

import { showAddress } from "../../sflow/address.ts";
import type { DatagramHead, Decoded } from "../../sflow/decode/values.ts";
import type { Pairs } from "./pairs.ts";
import { printSample } from "./sample.ts";

/** The sender and the time of arrival of a datagram, if the input has them. */
export interface Origin {
  readonly source: string | undefined;
  readonly seconds: number | undefined;
  readonly microseconds: number | undefined;
}

export function printDatagram(pairs: Pairs, { datagram, head, problems }: Decoded, size: number, origin: Origin): void {
  pairs.startDatagram();
  pairs.word("datagramSourceIP", origin.source ?? "-");
  pairs.number("datagramSize", size);
  pairs.number("unixSecondsUTC", origin.seconds);
  pairs.number("unixSecondsUTC_uS", origin.microseconds);
  printHead(pairs, head);
  for (const sample of datagram?.samples ?? []) printSample(pairs, sample);
  pairs.endDatagram(datagram !== undefined, problems);
}

/** Prints the fields that the datagram has. */
function printHead(pairs: Pairs, head: Partial<DatagramHead>): void {
  pairs.number("datagramVersion", head.version);
  pairs.number("agentSubId", head.subAgentId);
  if (head.agentAddress !== undefined) pairs.word("agent", showAddress(head.agentAddress) || "-");
  pairs.number("packetSequenceNo", head.sequenceNumber);
  pairs.number("sysUpTime", head.uptime);
  pairs.number("samplesInPacket", head.sampleCount);
}
