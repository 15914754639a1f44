// Other sFlow agents of the host, by the files of /proc.

import { expect, it } from "vitest";
import { otherAgents } from "../../agent/process/other-agents.ts";

const NET = "net:[4026531840]";
const UNIX = "0000000000000000: 00000002 00000000 00000000 0002 01 31415 @";

/** Each process with its comm, its command line and its network namespace. */
function host(processes: Readonly<Record<string, readonly [string, string, string?]>>, unix = "") {
  const of = (path: string) => processes[path.split("/")[2] ?? ""];
  return {
    list: () => ["net", "self", ...Object.keys(processes)],
    read: (path: string) => {
      if (path === "/proc/net/unix") return unix;
      return path.endsWith("/comm") ? `${of(path)?.[0]}\n` : of(path)?.[1].replaceAll(" ", "\0");
    },
    link: (path: string) => (path.startsWith("/proc/self/") ? NET : of(path)?.[2]),
  };
}

it("names a hsflowd of this network namespace, or of one that cannot be told", () => {
  const files = host({
    "10": ["hsflowd", "/usr/sbin/hsflowd -d", NET],
    "11": ["hsflowd", "hsflowd -d"],
    "12": ["hsflowd", "/usr/sbin/hsflowd -d", "net:[1]"],
  });
  expect(otherAgents(files, 99)).toEqual(["hsflowd, process 10", "hsflowd, process 11"]);
});

it("does not name itself, a script that starts an agent, or another program", () => {
  const files = host({
    "10": ["hsflowd", "/usr/sbin/hsflowd -d", NET],
    "11": ["hsflowd", "/bin/sh /usr/sbin/hsflowd -d", NET],
    "12": ["node", "/usr/lib/hsflowd-ts/node hsflowd.js", NET],
  });
  expect(otherAgents(files, 10)).toEqual([]);
});

it("names an agent of this program by its identity", () => {
  const held = `${UNIX}hsflowd-ts/10.0.0.1, sub-agent 100000@\n`;
  expect(otherAgents(host({}, `${UNIX}other\n${held}${held}`), 99)).toEqual([
    "hsflowd-ts, agent 10.0.0.1, sub-agent 100000",
  ]);
});
