// Restricts the process to what a running agent needs: system calls by seccomp, files and TCP ports by Landlock. So an
// error in a parser or a library cannot do more, whatever the privileges. See agent/DECISIONS.md, 41.

import { readdirSync, readlinkSync } from "node:fs";
import type { RunOptions } from "../../cli/flags.ts";
import type { Host } from "../../host/host.ts";
import { messageOf } from "../../log/message-of.ts";
import type { Capability } from "../../proc/status.ts";
import type { Confinement } from "../../report/confinement.ts";
import { type Named, needsOf, portsOf, readsOf } from "../../run/capabilities.ts";
import type { Configuration } from "../../run/configuration.ts";
import { accessOf } from "./access.ts";
import { makeRuleset, type Ruleset } from "./landlock.ts";
import { isKnown, seccompFilter } from "./seccomp-filter.ts";
import { systemCalls } from "./system-calls.ts";

/** Returns the descriptors of rings of io_uring. Newer versions of Node open them at their start, and need them. */
function ringsOfNode(): number[] {
  const folder = "/proc/self/fd";
  const isRing = (fd: string): boolean => {
    try {
      return readlinkSync(`${folder}/${fd}`) === "anon_inode:[io_uring]";
    } catch {
      return false;
    }
  };
  return readdirSync(folder).filter(isRing).map(Number);
}

/** Tells whether the process has a capability. */
type Holds = (capability: Capability) => boolean;

/** Explains why files stay unrestricted; undefined if they can be restricted. */
function obstacleOf({ keepPrivileges }: RunOptions, needs: readonly Named[], holds: Holds): string | undefined {
  if (keepPrivileges) return "-P";
  if (!holds("CAP_SYS_PTRACE")) return undefined;
  const block = needs.find(({ need }) => need.capability === "CAP_SYS_PTRACE");
  return block && `${block.keyword} { } looks into other processes, which Landlock forbids`;
}

/**
 * Restricts every thread, irreversibly, and returns what is in force. Never throws: the agent works without, and the
 * log and the status say so.
 */
export function confine(
  { sockets, uname }: Host,
  options: RunOptions,
  configuration: Configuration,
  holds: Holds,
): Confinement {
  const { arch } = process;
  if (options.unconfined === true) return { note: "--unconfined" };
  if (!isKnown(arch)) return { note: `there is no list of system calls for ${arch}` };
  const needs = needsOf(configuration, uname().release);
  // With -P, a reload may begin to sample by BPF. Otherwise it needs a capability that only a restart gives.
  const bpf = options.keepPrivileges || needs.some(({ need }) => need.capability === "CAP_BPF");
  const own = { pid: process.pid, rings: ringsOfNode(), bpf, enters: holds("CAP_SYS_ADMIN") };
  const calls = systemCalls(own).filter((call) => call[arch] !== undefined);
  const program = seccompFilter(calls, arch);
  const access = accessOf(
    options,
    process.argv[1] ?? "",
    portsOf(configuration).map(({ port }) => port),
    readsOf(configuration),
  );
  const obstacle = obstacleOf(options, needs, holds);
  let note = obstacle && `files are not restricted: ${obstacle}`;
  let ruleset: Ruleset | undefined;
  try {
    if (obstacle === undefined) ruleset = makeRuleset(sockets, access);
  } catch (error) {
    note = `files are not restricted: ${messageOf(error)}`;
  }
  try {
    sockets.confine(ruleset?.fd, program);
    const ports = ruleset?.ports === true ? access.ports : undefined;
    // A call that no argument permits is in the list for its error only.
    const permitted = calls.filter(({ only }) => only?.values.length !== 0);
    return { systemCalls: permitted.length, files: ruleset !== undefined, ports, note };
  } catch (error) {
    return { note: messageOf(error) };
  } finally {
    ruleset?.close();
  }
}

/** Returns a message for each TCP port that a new configuration connects to, and the confinement forbids. */
export const closedPorts = ({ ports }: Confinement, configuration: Configuration): string[] =>
  portsOf(configuration)
    .filter(({ port }) => ports?.includes(port) === false)
    .map(
      ({ keyword, port }) => `${keyword} { }: TCP port ${port} is closed since the start: restart the agent to open it`,
    );
