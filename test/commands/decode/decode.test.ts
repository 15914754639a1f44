// `hsflowd decode` from its arguments to its exit code, with files, standard input and a fake network.

import { describe, expect, it } from "vitest";
import type { DecodeOptions } from "../../../agent/cli/parse-arguments.ts";
import type { Take } from "../../../agent/commands/decode/listen.ts";
import { type DecodeIo, decodeCommand } from "../../../agent/commands/decode.ts";
import { pieces } from "../../fakes/pieces.ts";
import { type Bytes, datagram } from "../../sflow/build.ts";
import { fromHex, vectors } from "../../sflow/vectors.ts";
import { ethernet, ipv4, ipv6, pcap, sll, sll2, udp, vlan } from "./captures.ts";

const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);
const vector = fromHex(vectors.A);

interface Run {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

interface World {
  readonly input: Bytes;
  /** Size of the pieces in which the input arrives. */
  readonly size: number;
  readonly file: string;
  readonly options: Partial<DecodeOptions>;
  readonly arriving: readonly Bytes[];
  readonly refused: Error | undefined;
}

async function run({
  input = vector,
  size = 65_536,
  file = "-",
  options = {},
  arriving = [],
  refused,
}: Partial<World>): Promise<Run> {
  const output = { out: "", errors: "" };
  const stop = new AbortController();
  const io: DecodeIo = {
    files: {
      stream: (path) => (path === "/captures/a" ? pieces(input, size) : undefined),
      exists: (path) => path.startsWith("/captures/locked"),
    },
    stdin: () => pieces(input, size),
    listen: async (address, port, take: Take) => {
      if (refused !== undefined) throw refused;
      output.errors += `bound ${address} ${port}\n`;
      for (const bytes of arriving) take(bytes, { source: "192.0.2.77", seconds: 1, microseconds: 2 });
      stop.abort();
      return { port, close: async () => undefined };
    },
    out: (chunk) => {
      output.out += Buffer.from(chunk).toString();
    },
    complain: (text) => {
      output.errors += text;
    },
    stop: stop.signal,
  };
  const all = { file, format: "text", port: 6343, listen: undefined, names: false, ...options } as const;
  return { code: await decodeCommand(all, io), ...output };
}

const sequences = ({ out }: Run): string[] => out.split("\n").filter((line) => line.startsWith("packetSequenceNo"));

describe("a pcap file", () => {
  it.each([
    ["Ethernet", ethernet(ipv4(udp(vector))), { link: 1 }],
    ["a VLAN", vlan(ipv4(udp(vector))), { link: 1 }],
    ["IPv6", ethernet(ipv6(udp(vector)), 0x86dd), { link: 1 }],
    ["raw IP", ipv4(udp(vector)), { link: 101 }],
    ["raw IPv6", ipv6(udp(vector)), { link: 101 }],
    ["Linux cooked", sll(ipv4(udp(vector))), { link: 113 }],
    ["Linux cooked, version 2", sll2(ipv4(udp(vector))), { link: 276 }],
    ["the other byte order", ethernet(ipv4(udp(vector))), { littleEndian: false }],
    ["nanoseconds", ethernet(ipv4(udp(vector))), { nanoseconds: true }],
  ])("is decoded over %s", async (_, packet, options) => {
    const result = await run({ input: pcap([packet], options), file: "/captures/a" });
    expect(result).toMatchObject({ code: 0, errors: "" });
    expect(result.out).toContain("packetSequenceNo 42\n");
    expect(result.out).toMatch(/^datagramSourceIP (198\.51\.100\.9|2001:db8::9)$/m);
    expect(result.out).toContain("unixSecondsUTC 1700000000\nunixSecondsUTC_uS 250\n");
  });

  it("is decoded without Ethernet padding and without packets of other ports", async () => {
    const packets = [ethernet(ipv4(udp(vector, 6343, 18))), ethernet(ipv4(udp(vector, 53)))];
    const result = await run({ input: pcap(packets) });
    expect(result.code).toBe(0);
    expect(sequences(result).length).toBe(1);
  });

  it("is reported if it has no packet of the port", async () => {
    const result = await run({ input: pcap([ethernet(ipv4(udp(vector, 53)))]) });
    expect(result).toEqual({
      code: 1,
      out: "",
      errors: "-: no packet of UDP port 6343: choose another port with --port\n",
    });
    expect((await run({ input: pcap([ethernet(ipv4(udp(vector, 53)))]), options: { port: 53 } })).code).toBe(0);
  });
});

describe("other input", () => {
  it("is decoded if it is hex digits or a raw datagram", async () => {
    expect(sequences(await run({ input: bytesOf(`${vectors.A}\n\n${vectors.B}`) }))).toEqual([
      "packetSequenceNo 42",
      "packetSequenceNo 43",
    ]);
    expect(sequences(await run({ input: vector })).length).toBe(1);
  });

  it("is rejected if its format is unknown or the file is missing", async () => {
    expect(await run({ input: bytesOf("hello") })).toMatchObject({
      code: 1,
      errors: "-: not a pcap file, a datagram or hex digits\n",
    });
    expect(await run({ file: "/captures/b" })).toMatchObject({
      code: 1,
      errors: "/captures/b: no such file\n",
    });
    expect(await run({ input: new Uint8Array(0) })).toMatchObject({ code: 1, errors: "-: empty\n" });
  });

  it("is printed as one JSON object per datagram and line", async () => {
    const { out } = await run({ input: bytesOf(`${vectors.A}\n\n${vectors.C}`), options: { format: "json" } });
    const lines = out.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).agent)).toEqual(["192.0.2.1", "2001:db8::1"]);
  });
});

describe("the network", () => {
  it.each([
    [undefined, "undefined 6343"],
    ["7000", "undefined 7000"],
    ["127.0.0.1", "127.0.0.1 6343"],
    ["127.0.0.1:7000", "127.0.0.1 7000"],
    ["::1", "::1 6343"],
    ["[::1]:7000", "::1 7000"],
    ["[::1]", "::1 6343"],
    ["collector:7000", "collector 7000"],
  ])("is listened to at %s", async (listen, bound) => {
    const { file: _, ...world } = { file: undefined, options: { file: undefined, listen }, arriving: [vector] };
    const { code, out, errors } = await run(world);
    expect(errors).toContain(`bound ${bound}\n`);
    expect(out).toContain("datagramSourceIP 192.0.2.77\n");
    expect(code).toBe(0);
  });

  it("is not listened to on an invalid port or on a port in use", async () => {
    const none = await run({ options: { file: undefined, listen: "127.0.0.1:70000" } });
    expect(none).toMatchObject({
      code: 1,
      errors: '--listen expects ADDRESS, PORT or ADDRESS:PORT, not "127.0.0.1:70000"\n',
    });
    const taken = await run({ options: { file: undefined }, refused: new Error("bind EADDRINUSE 0.0.0.0:6343") });
    expect(taken).toMatchObject({ code: 1, errors: "UDP port 6343: bind EADDRINUSE 0.0.0.0:6343\n" });
  });

  it("reports missing and damaged datagrams, and exits with 1 for damaged ones", async () => {
    const stream = [1, 2, 5, 4].map((sequence) => datagram([], { sequence, uptime: 1000 }));
    const world = { options: { file: undefined } };
    const lossy = await run({ ...world, arriving: stream });
    expect(lossy.errors).toContain("1 datagrams of agent 192.0.2.1/0 are missing\n");
    expect(lossy.code).toBe(0);
    const broken = await run({ ...world, arriving: [datagram([], { count: 3 })] });
    expect(broken.errors).toContain("datagram 1 from 192.0.2.77: offset 28: the count is 3 samples, only 0 found\n");
    expect(broken.code).toBe(1);
  });
});
