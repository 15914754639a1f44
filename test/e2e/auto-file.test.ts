// hsflowd.auto of the built agent, as sub-agents read it: current after each change although root is given up, and
// never half-written.

import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { run, tryRun, until } from "./command.ts";
import { expectEnd } from "./expect-end.ts";
import { test } from "./fixture.ts";
import { behind, connect, type Namespace } from "./namespaces.ts";

const RELOADS = 30;
const LOOKS = 100;

const PLAIN = "sflow { agentIP = 127.0.0.1 polling = 0 collector { ip = 127.0.0.1 udpport = 9 } pcap { dev = lo } }";

/** Runs programs of the host after a script, with mounts and a host name of their own. */
const after = (host: Namespace, script: string) =>
  behind(host, "unshare", "--mount", "--uts", "sh", "-ec", `${script}; exec "$@"`, "sh");

/** Parses it and compares the revisions, as readers must; undefined where it was half-written. */
function wholeOf(text: string): { revision: number; body: string } | undefined {
  const [, first, body = "", last] = /^#.*\nrev_start=(\d+)\n([\s\S]*)rev_end=(\d+)\n+$/.exec(text) ?? [];
  return first !== undefined && first === last ? { revision: Number(first), body } : undefined;
}

test("hsflowd.auto in /etc follows settings, the elected address and the host name, is readable by all, and never half-written", async ({
  folder,
  lab,
  startAgent,
}) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  connect("eth0", [host, "10.9.30.1"], [far, "10.9.30.2"]);
  const etc = folder.file("etc");
  mkdirSync(etc);
  for (const name of ["passwd", "group"]) copyFileSync(`/etc/${name}`, `${etc}/${name}`);
  const short = "sflow { collector { ip = 127.0.0.1 udpport = 9 } }";
  const long = short.replace("{", `{ ${Array.from({ length: 60 }, (_, i) => `sampling.app${i} = 77`).join(" ")}`);
  const agent = startAgent(after(host, `mount --bind ${etc} /etc; umask 077`), short, "-o", "/etc/hsflowd.auto");
  const file = `${etc}/hsflowd.auto`;
  const text = () => readFileSync(file, "utf8");
  const has = (...lines: string[]) =>
    until(lines.join(" "), () => text().includes(`\n${lines.join("\n")}\n`), {
      evidence: () => agent.stderr() + text(),
    });
  await agent.says(/runs as nobody/);
  await has("collector=127.0.0.1 9", "agentIP=10.9.30.1", "agent=eth0", "ds_index=1");
  expect(statSync(file)).toMatchObject({ uid: 0, mode: 0o100644 });
  run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "cat", file);

  host.ip("address", "add", "10.9.31.9/24", "dev", "eth0");
  host.ip("address", "delete", "10.9.30.1/24", "dev", "eth0");
  await has("agentIP=10.9.31.9", "agent=eth0");
  run("nsenter", "--uts", `--target=${agent.pid}`, "hostname", "db7");
  await has("hostname=db7");

  const bodies = new Set([wholeOf(text())?.body]);
  writeFileSync(agent.configuration, long);
  agent.kill("SIGHUP");
  await has("sampling.app0=77");
  bodies.add(wholeOf(text())?.body);
  const first = wholeOf(text())?.revision ?? 0;
  let seen = 0;
  for (let i = 1; i <= RELOADS; i++) {
    writeFileSync(agent.configuration, i % 2 === 0 ? long : short);
    agent.kill("SIGHUP");
    await until(`revision ${first + i}`, () => {
      for (let look = 0; look < LOOKS; look++) {
        const whole = wholeOf(text());
        if (whole === undefined) continue;
        seen++;
        if (!bodies.has(whole.body)) throw new Error(`neither the one nor the other:\n${whole.body}`);
        if (whole.revision === first + i) return true;
      }
      return false;
    });
  }
  expect(bodies.size).toBe(2);
  expect(seen).toBeGreaterThan(RELOADS);
  await expectEnd(agent);
});

test.for([
  ["a full disk", "rw,size=16k", "head -c 64k /dev/zero >$0/fill || :", /ENOSPC/],
  ["a disk that may only be read", "ro", ":", /EROFS/],
] as const)(
  "%s is said once, and the file is there as soon as it can be",
  async ([, options, fill, why], { folder, lab, startAgent }) => {
    const mount = folder.file("mount");
    mkdirSync(mount, { recursive: true });
    const script = `mount -t tmpfs -o mode=777,${options} none ${mount}; ${fill.replace("$0", mount)}`;
    const agent = startAgent(after(lab.namespace(), script), PLAIN, "-o", `${mount}/hsflowd.auto`);
    const [line] = await agent.says(/^warning: .*: cannot write: .*$/m);
    expect(line).toMatch(why);
    for (let i = 1; i <= 3; i++) {
      writeFileSync(agent.configuration, PLAIN.replace("polling = 0", `polling = ${i}`));
      const answer = tryRun(process.execPath, "dist/hsflowd.js", "reload", `--control-socket=${agent.controlSocket}`);
      expect(answer.status, answer.stderr).toBe(0);
    }
    expect(agent.stderr().match(/cannot write/g)).toHaveLength(1);
    const inside = `/proc/${agent.pid}/root${mount}`;
    rmSync(`${inside}/fill`, { force: true });
    run("nsenter", "--mount", "--root", `--target=${agent.pid}`, "mount", "-o", "remount,rw", mount);
    await agent.says(/hsflowd\.auto: can be written again/);
    const text = readFileSync(`${inside}/hsflowd.auto`, "utf8");
    expect(text).toContain("\npolling=3\n");
    expect(statSync(`${inside}/hsflowd.auto`).mode & 0o777).toBe(0o644);
    await expectEnd(agent);
  },
);
