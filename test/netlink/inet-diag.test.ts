// Requests about TCP sockets and captured answers of Linux 6.18, with the output of `ss -tin` at the same moment.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { CONNECTED_STATES, dumpRequest, makeDiagRequests, putDiagRequest } from "../../agent/netlink/inet-diag.ts";
import { DiagAnswer, DiagReader, isAnswerTo, takeConnection } from "../../agent/netlink/inet-diag-answer.ts";
import { AF_INET, AF_INET6 } from "../../agent/netlink/message.ts";
import { readTcpInfo, type TcpInfoField } from "../../agent/netlink/tcp-info.ts";
import { putAddress } from "../../agent/packet/flow-key.ts";
import { seededRandom } from "../seeded-random.ts";
import { bytesOfCapture } from "./capture.ts";

interface Asked {
  readonly request: string;
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  readonly sequence: number;
  readonly ss: string;
}

const asked = (name: string): Asked =>
  JSON.parse(readFileSync(new URL(`../fixtures/netlink/${name}.json`, import.meta.url), "utf8")) as Asked;

/** Returns the bytes of an address in either form of the captures. */
function addressBytes(text: string): Uint8Array {
  if (text.includes(".")) return Uint8Array.from(text.split(".").map(Number));
  const [head = "", tail = ""] = text.split("::");
  const words = [head, "0", "0", "0", "0", "0", "0", tail].map((word) => Number.parseInt(word || "0", 16));
  return Uint8Array.from(words.flatMap((word) => [word >>> 8, word & 0xff]));
}

/** Returns a connection laid out as in a flow key: local address, remote address, ports. */
function keyOf({ local, localPort, remote, remotePort }: Asked): { key: Uint32Array; family: number } {
  const key = new Uint32Array(9);
  const version = local.includes(".") ? 4 : 6;
  putAddress(key, 0, addressBytes(local), 0, version);
  putAddress(key, 4, addressBytes(remote), 0, version);
  key[8] = (localPort << 16) | remotePort;
  return { key, family: version === 4 ? AF_INET : AF_INET6 };
}

function question(name: string) {
  const requests = makeDiagRequests(2);
  const { key, family } = keyOf(asked(name));
  putDiagRequest(requests, 1, asked(name).sequence, family, 0, key, 0);
  return { requests, key, family };
}

function answer(bytes: Uint8Array): DiagReader {
  const reader = new DiagReader(bytes);
  reader.begin(0, bytes.length);
  reader.next();
  return reader;
}

const NAMES = ["diag-ipv4", "diag-ipv6", "diag-mapped", "diag-listener", "diag-gone", "diag-time-wait"];

it.each(NAMES)("makes the same request for %s as another program", (name) => {
  const { requests } = question(name);
  expect(Buffer.from(requests.bytes.subarray(72)).toString("hex")).toBe(asked(name).request);
});

it("puts the ifIndex at its place, in host order", () => {
  const requests = makeDiagRequests(1);
  putDiagRequest(requests, 0, 1, AF_INET6, 7, new Uint32Array(9), 0);
  expect(new Uint32Array(requests.bytes.buffer)[15]).toBe(7);
});

it.each(["diag-ipv4", "diag-ipv6", "diag-mapped"])("recognises %s as the requested connection", (name) => {
  const { requests } = question(name);
  const reader = answer(bytesOfCapture(name));
  expect(reader).toMatchObject({ kind: DiagAnswer.socket, sequence: asked(name).sequence, state: 1 });
  expect(isAnswerTo(reader, requests, 1)).toBe(true);
  expect(isAnswerTo(reader, requests, 0)).toBe(false);
});

it.each(["diag-ipv4", "diag-ipv6", "diag-mapped"])("reads the same values from %s as ss", (name) => {
  const bytes = bytesOfCapture(name);
  const reader = answer(bytes);
  const read = (field: TcpInfoField) => readTcpInfo(bytes, reader.infoAt * 4, reader.infoLength, field);
  const said = (label: string) => Number(new RegExp(` ${label}:([\\d.]+)`).exec(asked(name).ss)?.[1]);
  expect((read("tcpi_rtt") ?? 0) / 1000).toBe(said("rtt"));
  expect(read("tcpi_snd_mss")).toBe(said("mss"));
  expect(read("tcpi_rcv_mss")).toBe(said("rcvmss"));
  expect(read("tcpi_pmtu")).toBe(said("pmtu"));
  expect(read("tcpi_snd_cwnd")).toBe(said("cwnd"));
  expect(read("tcpi_bytes_sent")).toBe(said("bytes_sent"));
  expect(read("tcpi_segs_in")).toBe(said("segs_in"));
  expect((read("tcpi_min_rtt") ?? 0) / 1000).toBe(said("minrtt"));
  expect(read("tcpi_state")).toBe(1);
});

it("recognises the listener that answers for a connection that is gone", () => {
  const { requests } = question("diag-listener");
  const reader = answer(bytesOfCapture("diag-listener"));
  expect(reader).toMatchObject({ kind: DiagAnswer.socket, state: 10 });
  expect(isAnswerTo(reader, requests, 1)).toBe(false);
});

it("reads that there is no such socket, and the sequence number of the request", () => {
  expect(answer(bytesOfCapture("diag-gone"))).toMatchObject({
    kind: DiagAnswer.error,
    errno: 2,
    sequence: asked("diag-gone").sequence,
  });
});

it("finds no tcp_info in TIME_WAIT", () => {
  expect(answer(bytesOfCapture("diag-time-wait"))).toMatchObject({ kind: DiagAnswer.socket, state: 6, infoLength: 0 });
});

it("reads connections from a dump to its end, mapped addresses as IPv4", () => {
  const bytes = bytesOfCapture("diag-dump");
  const reader = new DiagReader(bytes);
  reader.begin(0, bytes.length);
  const found: string[] = [];
  const key = new Uint32Array(10);
  while (reader.next() && reader.kind === DiagAnswer.socket) {
    const family = takeConnection(reader, key, 0);
    const local = family === AF_INET ? "10.77.0.1" : "fd77::1";
    const expected = keyOf({ local, remote: local, localPort: 0, remotePort: 0 } as Asked);
    expect(key.subarray(0, 8)).toEqual(expected.key.subarray(0, 8));
    expect(family).toBe(expected.family);
    found.push(`${local} ${(key[8] as number) >>> 16} ${(key[8] as number) & 0xffff}`);
  }
  expect(reader.kind).toBe(DiagAnswer.done);
  expect(found.sort()).toEqual(["10.77.0.1 51213 39854", "fd77::1 35992 52789", "fd77::1 52789 35992"]);
});

it("requests all connections, or an empty dump if no state is given", () => {
  const all = new DataView(dumpRequest(AF_INET6, CONNECTED_STATES, 9).buffer);
  expect([all.getUint16(6, true), all.getUint32(8, true), all.getUint8(16)]).toEqual([0x301, 9, AF_INET6]);
  expect(new DataView(dumpRequest(AF_INET, 0, 9).buffer).getUint32(20, true)).toBe(0);
});

it.each(NAMES)("survives %s cut anywhere, and reports it as damaged", (name) => {
  const whole = bytesOfCapture(name);
  for (let length = 1; length < whole.length; length++) {
    const memory = new Uint8Array(whole.length);
    memory.set(whole.subarray(0, length));
    const reader = new DiagReader(memory);
    reader.begin(0, length);
    expect([reader.next(), reader.kind, reader.next()]).toEqual([true, DiagAnswer.damaged, false]);
    expect(reader.sequence).toBe(length < 12 ? -1 : asked(name).sequence);
  }
});

it("survives flipped bits, above all in lengths", () => {
  const { below } = seededRandom(21);
  const whole = bytesOfCapture("diag-dump");
  for (let round = 0; round < 500; round++) {
    const bytes = whole.slice();
    for (let flips = 1 + below(4); flips > 0; flips--) {
      const at = round % 2 === 0 ? below(bytes.length) : below(bytes.length >> 2) << 2;
      bytes[at] = below(3) === 0 ? 0xff : below(256);
    }
    const reader = new DiagReader(bytes);
    reader.begin(0, bytes.length);
    let messages = 0;
    while (reader.next()) {
      messages++;
      expect(reader.infoAt * 4 + reader.infoLength).toBeLessThanOrEqual(bytes.length);
    }
    expect(messages).toBeLessThanOrEqual(bytes.length / 16);
  }
});
