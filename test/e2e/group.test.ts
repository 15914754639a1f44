// The commands as a member of the group hsflowd, and as another user: each says what it knows, and nothing false.

import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Agent, inOpenCopy } from "./agent.ts";
import { asking, type Bed, hsflowd, makeBed, withAgent } from "./diagnosis.ts";

const GROUP = 4321;
const asUser = (group: number) => ["setpriv", "--reuid=4444", `--regid=${group}`, "--clear-groups"];
const [MEMBER, OUTSIDER] = [asUser(GROUP), asUser(4444)];
const CANNOT_TELL = "cannot tell, ask as root or as group hsflowd";

let bed: Bed;
beforeAll(async () => {
  bed = await makeBed();
});
afterAll(() => bed.remove());

/** Runs an agent on a host with the group. */
function withGroup(use: (agent: Agent, run: (user: string[], ...words: string[]) => string) => void): Promise<void> {
  const groups = bed.folder.file("group");
  writeFileSync(groups, `${readFileSync("/etc/group", "utf8")}hsflowd:x:${GROUP}:\n`);
  const mount = ["unshare", "--mount", "sh", "-c", `mount --bind ${groups} /etc/group; exec "$@"`, "sh"];
  const text = `sflow { collector { ip = 127.0.0.1 udpport = ${bed.receivers[0].port} } pcap { dev = eth0 } }`;
  const copy = inOpenCopy(bed.folder);
  const run =
    (agent: Agent) =>
    (user: string[], ...words: string[]) => {
      const { stdout, stderr } = hsflowd(
        bed.host,
        [...words, asking(agent), "-f", agent.configuration],
        [...user, ...copy],
      );
      return stdout + stderr;
    };
  return withAgent(bed, text, (agent) => use(agent, run(agent)), mount);
}

test("a member of the group gets the answers of root", () =>
  withGroup((_, run) => {
    expect(run(MEMBER, "status")).toContain("agent address 10.97.1.1");
    expect(run(MEMBER, "explain", "eth0")).toMatch(/^eth0 is sampled 1-in-/);
    expect(run(MEMBER, "doctor")).toMatch(/^nothing is wrong\n/);
    expect(run(MEMBER, "reload")).toContain("reloaded");
  }));

test("another user is told what cannot be told, with and without access to the file", () =>
  withGroup((agent, run) => {
    const rate = run(MEMBER, "explain", "eth0").match(/1-in-\d+/)?.[0];
    expect(run(OUTSIDER, "explain", "eth0")).toContain(
      `whether eth0 is sampled: ${CANNOT_TELL}; with this file, it would be sampled ${rate}\n`,
    );
    expect(JSON.parse(run(OUTSIDER, "explain", "eth0", "--format=json"))).toMatchObject({ sampled: null, rate: null });
    expect(run(OUTSIDER, "explain", "agent")).toMatch(`the agent address: ${CANNOT_TELL}; with this file, it would be`);
    expect(run(OUTSIDER, "doctor")).toMatch(/^cannot tell.*\n {2}remedy: ask as root or as group hsflowd\n/);
    chmodSync(agent.configuration, 0o600);
    expect(run(OUTSIDER, "explain", "eth0")).toContain(`whether eth0 is sampled: ${CANNOT_TELL}\n`);
    expect(run(OUTSIDER, "explain", "agent")).toMatch(/^hsflowd: cannot tell, ask as root: .*: permission denied\n$/);
    expect(run(OUTSIDER, "doctor")).toMatch(/^cannot tell whether .* has errors: permission denied\n/);
    for (const said of [run(OUTSIDER, "doctor"), run(OUTSIDER, "explain", "eth0")])
      expect(said).not.toMatch(/is not sampled|no such file|no agent is running/);
  }));
