// The agent in a checkout that only root can enter, as in /root: after root was given up, the rest of its code and its
// configuration lie behind a folder that the agent cannot enter.

import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect } from "vitest";
import type { Status } from "../../agent/report/agent-status.ts";
import type { Agent } from "./agent.ts";
import { run, tryRun, until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { type Fixtures, test } from "./fixture.ts";
import { behind } from "./namespaces.ts";

const PLAIN = "sflow { agentIP = 127.0.0.1 polling = 1 collector { ip = 127.0.0.1 udpport = 9 } }";
const DISCOVERY = PLAIN.replace(/collector {[^}]*}/, "dns-sd { }");

const ask = ({ controlSocket }: Agent, ...words: string[]) =>
  tryRun(process.execPath, "dist/hsflowd.js", ...words, `--control-socket=${controlSocket}`);

const reload = (agent: Agent) => ask(agent, "reload");
const statusOf = (agent: Agent): Status => JSON.parse(ask(agent, "status", "--format=json").stdout);

/** Starts an agent whose code lies in the folder `name`, which has this mode. */
function startIn({ folder, lab, startAgent }: Fixtures, name: string, mode: number, ...flags: string[]) {
  const checkout = folder.file(name);
  mkdirSync(checkout);
  cpSync("dist", join(checkout, "dist"), { recursive: true });
  if (existsSync("node_modules/cap"))
    cpSync("node_modules/cap", join(checkout, "node_modules/cap"), { recursive: true });
  chmodSync(checkout, mode);
  const agent = startAgent(behind(lab.namespace(), "env", "-C", checkout), PLAIN, ...flags);
  return { agent, checkout };
}

test("a reload starts blocks whose code lies where the agent's user cannot enter", async ({
  folder,
  lab,
  startAgent,
  startReceiver,
  atEnd,
}) => {
  const { agent, checkout } = startIn({ folder, lab, startAgent, startReceiver, atEnd }, "closed", 0o700);
  await agent.says(/nobody cannot enter \S+\/closed: the code of all blocks was loaded at the start/);
  expect(run("stat", "-c", "%U %a", checkout).trim()).toBe("root 700");
  expect(statusOf(agent).confinement).toMatchObject({ files: true });
  const engine = createServer((_, answer) => answer.writeHead(404).end()).listen(folder.file("docker.sock"));
  atEnd(() => engine.close());
  await once(engine, "listening");
  chmodSync(folder.file("docker.sock"), 0o666);
  const docker = `docker { socket = unix://${folder.file("docker.sock")} }`;
  const others = "systemd { } tcp { } psample { group = 1 } metrics { port = 9100 } pcap { dev = lo }";
  for (const text of [DISCOVERY, PLAIN.replace(/}$/, `${docker} ${others} }`)]) {
    writeFileSync(agent.configuration, text);
    const { stdout, stderr } = reload(agent);
    expect(stdout, stderr).toContain("in force after");
    expect(stderr).not.toMatch(/Cannot find|ERR_|ENOENT|EACCES/);
  }
  await agent.says(/docker: unix:.*docker.sock/);
  expect(agent.stdout() + agent.stderr()).not.toContain("Cannot find module");
  await expectEnd(agent);
});

test("the commands that a warning names let the agent read its file in a closed folder", async ({
  folder,
  lab,
  startAgent,
  startReceiver,
  atEnd,
}) => {
  const closed = folder.file("it's closed");
  mkdirSync(join(closed, "deep"), { recursive: true });
  const file = join(closed, "deep/hsflowd.conf");
  writeFileSync(file, PLAIN, { mode: 0o600 });
  for (const path of [closed, join(closed, "deep")]) chmodSync(path, 0o700);
  const fixtures = { folder, lab, startAgent, startReceiver, atEnd };
  const { agent } = startIn(fixtures, "open", 0o755, "-f", file);
  const [, remedy = ""] = await agent.says(/so reloads will fail: (.*)/);
  expect(reload(agent).stderr).toContain(`permission denied: ${closed} cannot be entered (chmod o+x `);
  run("sh", "-c", remedy);
  expect(reload(agent)).toMatchObject({ status: 0, stderr: "" });
  await expectEnd(agent);
});

test("code that was replaced after the start is said to be so, with the remedy", async ({
  folder,
  lab,
  startAgent,
  startReceiver,
  atEnd,
}) => {
  const { agent, checkout } = startIn({ folder, lab, startAgent, startReceiver, atEnd }, "replaced", 0o755);
  await until("the control socket", () => existsSync(agent.controlSocket), { evidence: agent.stderr });
  for (const name of readdirSync(join(checkout, "dist")))
    if (name.startsWith("chunk-")) renameSync(join(checkout, "dist", name), join(checkout, "dist", `old-${name}`));
  writeFileSync(agent.configuration, PLAIN.replace(/}$/, "tcp { } }"));
  const { status, stderr } = reload(agent);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /tcp { }: its code in \S+ was replaced or closed since the start \(no such file\): restart the agent/,
  );
  await expectEnd(agent);
});
