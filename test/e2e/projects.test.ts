// Configurations and command lines of projects that start hsflowd, unchanged: the agent accepts them, and sends what
// they ask for.

import { copyFileSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import { type Child, start } from "./child.ts";
import { tryRun, until } from "./command.ts";
import { hsflowd } from "./diagnosis.ts";
import { expectEnd } from "./expect-end.ts";
import { test as base } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, nobody } from "./namespaces.ts";
import type { Datagram } from "./walk.ts";

const MACHINE = "0123456789abcdef0123456789abcdef";

interface Project {
  /** A file of test/fixtures/conf. */
  readonly conf: string;
  /** The project's flags, before the file's. */
  readonly flags: readonly string[];
  /** The interface that the file samples. */
  readonly device: string;
  /** Collectors of the file, with their ports. */
  readonly collectors: readonly (readonly [address: string, port: number])[];
  /** 1-in-N of flow samples on the interface; undefined: counters only. */
  readonly rate?: number;
}

const V4 = ["192.0.2.1", 6343] as const;

const PROJECTS: Readonly<Record<string, Project>> = {
  VyOS: {
    conf: "vyos",
    flags: ["-m", MACHINE, "-d"],
    device: "eth0",
    collectors: [V4, ["2001:db8::42", 16_343]],
    rate: 1000,
  },
  "the Docker image": { conf: "docker-image", flags: ["-d"], device: "docker0", collectors: [V4], rate: 1000 },
  // A veth of this speed is not sampled itself: the bridge or the interface behind it is.
  "the Docker image, NET=host": { conf: "docker-image-host", flags: ["-ddd"], device: "eth0", collectors: [V4] },
  "Cumulus Linux": {
    conf: "cumulus",
    flags: ["-m", MACHINE, "-d"],
    device: "swp1",
    collectors: [
      ["192.0.2.100", 6343],
      ["192.0.2.200", 6344],
    ],
  },
  "a role of Ansible, as a daemon of the package": {
    conf: "ansible-role",
    flags: ["-u", MACHINE],
    device: "bond0",
    collectors: [
      ["192.0.2.11", 6343],
      ["192.0.2.12", 6343],
    ],
    rate: 10_000,
  },
};

const has = (datagrams: readonly Datagram[], rate: number | undefined): boolean =>
  datagrams.some(({ counters }) => counters.length > 0) &&
  (rate === undefined || datagrams.some(({ flows }) => flows.some((flow) => flow.rate === rate)));

/** Runs the agent as the project does, until every collector has what the file asks for. */
const test = base.extend("receive", { scope: "file" }, ({ folder, lab, startReceiver }) => async (project: Project) => {
  const { conf, flags, device, collectors, rate } = project;
  const [host, far] = [lab.namespace(), lab.namespace()];
  const [, peer] = connect(device, [host, "10.95.1.1"], [far, "10.95.1.2"]);
  const name = folder.file(host.name);
  const receivers = collectors.map(async ([address, port]) => {
    host.ip("address", "add", address, "dev", "lo");
    return startReceiver(host, { address, port });
  });
  const listening = await Promise.all(receivers);
  copyFileSync(`test/fixtures/conf/${conf}.conf`, `${name}.conf`);
  const files = ["-f", `${name}.conf`, "-p", `${name}.pid`, "-o", `${name}.auto`];
  const own = [`--control-socket=${name}.sock`, `--state-file=${name}.state`];
  const words = [process.execPath, "dist/hsflowd.js", ...flags, ...files, ...own];
  const isDaemon = !flags.some((flag) => flag.startsWith("-d"));
  const agent: Child | undefined = isDaemon ? undefined : start(host, words);
  if (isDaemon) host.run(...(words as [string, ...string[]]));
  const ask = (command: string) => hsflowd(host, [command, `--control-socket=${name}.sock`]);
  await until("an answer", () => ask("status").status === 0, { evidence: () => agent?.stderr() ?? "" });
  await flood(far, { to: nobody(peer.address), packets: rate === undefined ? 1 : 12 * rate });
  for (const receiver of listening)
    await receiver.until(`${conf}: what it asks for`, (datagrams) => has(datagrams, rate));
  const auto = readFileSync(`${name}.auto`, "utf8");
  for (const [address, port] of collectors)
    expect(auto).toContain(`collector=${address}${port === 6343 ? "" : ` ${port}`}\n`);
  if (agent === undefined) tryRun("kill", readFileSync(`${name}.pid`, "utf8").trim());
  else await expectEnd(agent);
});

test.concurrent.for(Object.entries(PROJECTS))("%s", async ([, project], { receive }) => receive(project));

test("SONiC, with its collectors in a database: the agent runs, and reports that nothing is sent", async ({
  folder,
  lab,
}) => {
  const host = lab.namespace();
  const name = folder.file(host.name);
  copyFileSync("test/fixtures/conf/sonic.conf", `${name}.conf`);
  const files = ["-f", `${name}.conf`, "-o", `${name}.auto`, `--control-socket=${name}.sock`];
  const agent = start(host, [process.execPath, "dist/hsflowd.js", "-d", ...files, `--state-file=${name}.state`]);
  await agent.says(/no collector is configured: add collector/);
  await until("an answer", () => hsflowd(host, ["status", `--control-socket=${name}.sock`]).status === 0);
  const { stdout, status } = hsflowd(host, ["doctor", `--control-socket=${name}.sock`]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^broken +collectors +nothing is sent: no collector is configured$/m);
  await expectEnd(agent);
});
