// `hsflowd status` of the built agent: its counters are what arrived at the collector.

import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import type { Status } from "../../agent/report/agent-status.ts";
import { type Agent, inOpenCopy } from "./agent.ts";
import { tryRun, until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, nobody } from "./namespaces.ts";
import type { Datagram } from "./walk.ts";

// An agent that has given up root makes the socket of metrics { } here.
test.beforeAll(({ folder }) => chmodSync(folder.path, 0o777));

const hsflowd = (...words: string[]) => tryRun(process.execPath, "dist/hsflowd.js", ...words);
const ask = ({ controlSocket }: Agent): Status | undefined => {
  const { stdout, status } = hsflowd("status", "--format=json", `--control-socket=${controlSocket}`);
  return status === 0 ? JSON.parse(stdout) : undefined;
};
const get = (socketPath: string) =>
  new Promise<string>((resolve, reject) => {
    const asked = request(
      { socketPath, path: "/metrics", agent: false },
      (answer) => void text(answer).then(resolve, reject),
    );
    asked.once("error", reject).end();
  });
const reports = (status: Status) => ({
  collectors: status.modules.flatMap(({ report }) => report.collectors ?? []),
  taps: status.modules.flatMap(({ report }) => report.taps ?? []),
});

test("counters equal what the collector received, and an interface that is not sampled has a reason", async ({
  folder,
  lab,
  startAgent,
  startReceiver,
}) => {
  const host = lab.namespace();
  const far = lab.namespace();
  const [cable, peer] = connect("eth0", [host, "10.98.0.1"], [far, "10.98.0.2"]);
  const receiver = await startReceiver(host);
  const agent = startAgent(
    host,
    `sflow {
      agentIP = ${cable.address}
      polling = 1
      collector { ip = 127.0.0.1 udpport = ${receiver.port} }
      collector { ip = 203.0.113.1 }
      pcap { dev = eth0 sampling = 1 }
      metrics { socket = ${folder.file("metrics.sock")} }
    }`,
  );
  await agent.taps(cable.index);
  await flood(far, { to: nobody(peer.address), packets: 1000 });
  const countersIn = (all: readonly Datagram[]) => all.flatMap(({ counters }) => counters);
  await receiver.until(
    "1000 samples of packets and ten of counters",
    (all) => all.flatMap(({ flows }) => flows).length === 1000 && countersIn(all).length >= 10,
  );
  // From here on no counter changes.
  writeFileSync(agent.configuration, readFileSync(agent.configuration, "utf8").replace("polling = 1", "polling = 0"));
  expect(hsflowd("reload", `--control-socket=${agent.controlSocket}`)).toMatchObject({ status: 0, stderr: "" });
  const status = await until("an answer", () => ask(agent), { evidence: agent.stderr });
  const datagrams = await receiver.until("the last datagram", ({ length }) => length === status.counters.datagrams);
  const { collectors, taps } = reports(status);
  const bytes = receiver.received().reduce((sum, { payload }) => sum + payload.length, 0);
  const counterSamples = countersIn(datagrams).length;
  expect(status.counters).toMatchObject({ datagrams: datagrams.length, bytes, flowSamples: 1000, counterSamples });
  expect(collectors).toMatchObject([
    { name: `127.0.0.1:${receiver.port}`, sent: datagrams.length, bytes, failed: 0, open: true },
    { name: "203.0.113.1:6343", sent: 0, failed: datagrams.length, lastError: "ENETUNREACH" },
  ]);
  expect(taps).toMatchObject([
    { interface: "lo", rate: 0, why: "no pcap { } block matches", packets: 0 },
    { interface: "eth0", rate: 1, why: "pcap { sampling=1 }", engine: "packet-socket", packets: 1000, drops: 0 },
  ]);

  const { stdout } = hsflowd("status", `--control-socket=${agent.controlSocket}`);
  expect(stdout).toContain(`agent address ${cable.address} from agentIP`);
  expect(stdout).toMatch(/^eth0 +1-in-1 +1000 +0 +pcap { sampling=1 }$/m);
  expect(stdout).toMatch(/^203\.0\.113\.1:6343 +0 +\d+ +ENETUNREACH$/m);

  const page = await get(folder.file("metrics.sock"));
  expect(page).toContain(
    `hsflowd_collector_datagrams_total{collector="127.0.0.1:${receiver.port}"} ${datagrams.length}\n`,
  );
  expect(page).toContain(`hsflowd_collector_bytes_total{collector="127.0.0.1:${receiver.port}"} ${bytes}\n`);
  expect(page).toContain('hsflowd_interface_samples_total{interface="eth0"} 1000\n');
  expect(page).toMatch(/^process_resident_memory_bytes \d{8}/m);

  agent.kill("SIGSTOP");
  const hung = hsflowd("status", `--control-socket=${agent.controlSocket}`);
  agent.kill("SIGCONT");
  expect(hung).toMatchObject({ status: 1, stderr: expect.stringContaining("does not answer within 2 s") });
  const [command, ...words] = ["setpriv", "--reuid=65534", "--clear-groups", ...inOpenCopy(folder)];
  const other = tryRun(
    command,
    ...words,
    process.execPath,
    "dist/hsflowd.js",
    "status",
    `--control-socket=${agent.controlSocket}`,
  );
  expect(other).toMatchObject({ status: 1, stderr: expect.stringContaining("permission denied") });
  await expectEnd(agent);
  expect(hsflowd("status", `--control-socket=${agent.controlSocket}`)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("no agent is running"),
  });
});

test("the socket of a killed agent is recognised, and the next agent takes it over", async ({
  folder,
  lab,
  startAgent,
}) => {
  const host = lab.namespace();
  const configuration = "sflow { agentIP = 127.0.0.1 collector { ip = 127.0.0.1 } }";
  const socket = folder.file("again.sock");
  const agent = startAgent(host, configuration, `--control-socket=${socket}`);
  await until("an answer", () => ask({ ...agent, controlSocket: socket }), { evidence: agent.stderr });
  process.kill(ask({ ...agent, controlSocket: socket })?.pid ?? 0, "SIGKILL");
  await until("its end", () => agent.ended());
  expect(hsflowd("status", `--control-socket=${socket}`).stderr).toContain("is left from an agent that has ended");
  const next = startAgent(host, configuration, `--control-socket=${socket}`);
  await until("an answer", () => ask({ ...next, controlSocket: socket }), { evidence: next.stderr });
  await expectEnd(next);
});
