// json { }: the senders of its page as they stand there, and nginx under load.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { expect } from "vitest";
import { readStrictly, type StrictSample } from "../sflow/strict-operations.ts";
import { run, until } from "./command.ts";
import { tcpdump } from "./decoders.ts";
import { test } from "./fixture.ts";
import { driveRequests, startNginx } from "./nginx.ts";
import type { Receiver } from "./receiver.ts";

const PAGE = readFileSync("agent/modules/json/README.md", "utf8");
const PIPE = "/run/hsflowd/json.fifo";

/** Returns the first example in a language. */
function example(language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(PAGE) ?? [];
  if (code === undefined) throw new Error(`no example in ${language}`);
  return code;
}

const samplesOf = (receiver: Receiver): StrictSample[] =>
  receiver.received().flatMap(({ payload }) => readStrictly(payload));

/** Waits for samples, and returns those that fit. */
const seen = (receiver: Receiver, what: string, fits: (sample: StrictSample) => boolean): Promise<StrictSample> =>
  until(what, () => samplesOf(receiver).find(fits));

/** Returns what sflowtool would print of the datagrams. */
const decoded = ({ pcap }: Receiver): string => run(process.execPath, "dist/hsflowd.js", "decode", pcap);

const hex = (text: string): string => Buffer.from(text).toString("hex");
const recordOf = (sample: StrictSample, number: number): string | undefined =>
  "records" in sample ? sample.records.find(([format]) => format === number)?.[1] : undefined;

const configuration = (port: number, more: string): string => `sflow {
  agentIP = 10.9.28.1
  polling = 0
  collector { ip = 127.0.0.1 udpport = ${port} }
  ${more}
}`;

test("every sender of the page is understood, by an agent without privileges", async ({
  lab,
  folder,
  startAgent,
  startReceiver,
  atEnd,
}) => {
  const host = lab.namespace();
  host.ip("link", "set", "lo", "up");
  if (!existsSync(PIPE)) {
    mkdirSync("/run/hsflowd", { recursive: true });
    execFileSync("mkfifo", ["-m", "666", PIPE]);
    atEnd(() => rmSync(PIPE));
  }
  const receiver = await startReceiver(host);
  const json = `sampling.app = 1 json { udpport = 36343 fifo = ${PIPE} socket = /run/hsflowd/json-e2e.sock }`;
  const agent = startAgent(host, configuration(receiver.port, json));
  await agent.says(/receiving on pipe/);

  host.run("sh", "-c", example("sh"));
  const metrics = await seen(receiver, "the metrics of the shell", ({ kind }) => kind === "rtmetric");
  expect(metrics).toMatchObject({ dataSource: "backup", fields: [{ name: "files", type: 3, value: "000004b0" }] });

  host.run("python3", "-c", example("python"));
  const shop = await seen(receiver, "the operation of Python", ({ kind }) => kind === "flow");
  expect(recordOf(shop, 2202)).toContain(`${hex("shop")}00000003${hex("buy")}`);

  host.run(process.execPath, "--input-type=module", "-e", example("js"));
  const queue = await seen(receiver, "the counters of Node.js", (sample) => recordOf(sample, 2206) !== undefined);
  expect(recordOf(queue, 2206)).toBe(`${"00000003"}${"00000005"}${"00000000"}${"ffffffff".repeat(2)}`);

  const send =
    "import socket, sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(sys.argv[2].encode(), sys.argv[1])";
  const flow = '{"rtflow":{"datasource":"unix","ip":{"type":"ip","value":"10.1.2.3"}}}';
  run("setpriv", "--reuid=65534", "--clear-groups", "/usr/bin/python3", "-c", send, "/run/hsflowd/json-e2e.sock", flow);
  await seen(receiver, "the flow by the unix socket", ({ kind }) => kind === "rtflow");

  const nginx = await startNginx(host, folder, example("nginx"));
  const began = Date.now();
  expect(nginx.get("/slow?q=%22é", "-H", "Referer: r", "-H", "X-Forwarded-For: 192.0.2.9")).toHaveLength(3000);
  const took = (Date.now() - began) * 1000;
  const isRequest = (sample: StrictSample) => recordOf(sample, 2206) !== undefined && sample.kind === "flow";
  const request = await seen(receiver, "the request of nginx", isRequest);
  expect(request).toMatchObject({ source: "3:80", words: [1, 1, 0, 0, 0, 0, 0x3fff_ffff] });
  const body = Buffer.from(recordOf(request, 2206) ?? "", "hex");
  expect(body.readInt32BE(body.length - 4)).toBe(200);
  expect(body.readUInt32BE(body.length - 8)).toBeGreaterThan(500_000);
  expect(body.readUInt32BE(body.length - 8)).toBeLessThanOrEqual(took + 2000);
  expect(recordOf(request, 2100)).toMatch(/^000000067f0000017f00000100000050/);

  expect(tcpdump(receiver.pcap).invalid).toEqual([]);
  const words = decoded(receiver);
  for (const line of [
    ...["rtmetric files = (gauge32) 1200", "rtflow ip = (ip) 10.1.2.3"],
    ...["http_method 2", "http_protocol 1001", "http_uri /slow?q=%22é", "http_host 127.0.0.1", "http_status 200"],
    ...["http_referrer r", "http_xff 192.0.2.9", "http_bytes 3000"],
  ])
    expect(words).toContain(line);
  await nginx.stop();
  await agent.stop();
  expect(existsSync("/run/hsflowd/json-e2e.sock")).toBe(false);
});

test("100,000 requests of wrk to nginx are counted, and sampled 1 in 100", async ({
  lab,
  folder,
  startAgent,
  startReceiver,
}) => {
  const host = lab.namespace();
  host.ip("link", "set", "lo", "up");
  const receiver = await startReceiver(host);
  const json = "sampling.app.nginx = 100 polling.app.nginx = 2 json { udpport = 36343 }";
  // As root, the agent has a large receive buffer, so that a busy machine loses less.
  const agent = startAgent(host, configuration(receiver.port, json), "-P");
  await agent.says(/receiving on UDP \[::1\]/);
  const nginx = await startNginx(host, folder, example("nginx"));
  await driveRequests(host, folder, nginx, 100_000);
  const requests = await until("nginx to finish", () => {
    const { flowSamples = 0, lost = 0 } = agent.counters("json");
    const served = nginx.requests();
    return served >= 100_000 && flowSamples + lost === served && served;
  });
  const { flowSamples = 0 } = agent.counters("json");

  const sum = (words: readonly number[]) => words.reduce((total, word) => total + word, 0);
  const countersOf = (sample: StrictSample): number[] => {
    const body = Buffer.from(recordOf(sample, 2201) ?? "", "hex");
    return Array.from({ length: body.length / 4 }, (_, i) => body.readUInt32BE(4 * i));
  };
  const isLast = (sample: StrictSample) => sum(countersOf(sample).slice(0, 9)) === flowSamples;
  const counters = countersOf(await seen(receiver, "the counters of all requests", isLast));
  expect(sum(counters.slice(9))).toBe(flowSamples);
  expect([sum(counters.slice(1, 2)) + (counters[3] ?? 0), counters[10], counters[12]]).toEqual([
    ...[flowSamples, counters[1], counters[3]],
  ]);
  const taken = samplesOf(receiver).filter(({ kind }) => kind === "flow");
  const error = 4 * Math.sqrt((flowSamples / 100) * 0.99);
  expect(Math.abs(taken.length - flowSamples / 100)).toBeLessThan(error);
  const missing = taken.filter((sample) => recordOf(sample, 2206)?.includes(hex("/missing?n=1")));
  expect(Math.abs(missing.length - flowSamples / 400)).toBeLessThan(error);
  expect(taken.at(-1)).toMatchObject({ words: [100, expect.anything(), 0, 0, 0, 0, 0x3fff_ffff] });
  // What a busy machine loses is counted: together the figures are those of nginx itself, as was waited for above.
  expect(flowSamples).toBeGreaterThan(requests / 2);
  await nginx.stop();
  await agent.stop();
}, 240_000);
