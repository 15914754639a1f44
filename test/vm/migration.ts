// hsflowd replaced by this package and back, under systemd and without a terminal: the file stays, byte for byte, and
// datagrams go on. The gaps between them are printed.

import { expect } from "vitest";
import type { Receiver } from "../e2e/receiver.ts";
import { STAND_IN } from "../e2e/stand-in.ts";
import type { Datagram } from "../e2e/walk.ts";
import type { Shell } from "./shell.ts";

const isOurs = ({ subAgent }: { readonly subAgent: number }): boolean => subAgent !== STAND_IN;

/** Starts and ends with neither of the packages. The file that `configure` writes has a collector. */
export async function expectMigration(
  shell: Shell,
  receiver: Receiver,
  configure: (...blocks: string[]) => Promise<string>,
): Promise<void> {
  const gaps: string[] = [];
  const file = () => shell.run("sha256sum /etc/hsflowd.conf; ls /etc/hsflowd.conf*");

  /** Runs the command, and waits for datagrams of the agent that it starts. */
  async function step(name: string, command: string, ours: boolean): Promise<void> {
    const before = receiver.datagrams().length;
    await shell.run(`${command} </dev/null`, 200);
    const from = receiver.datagrams().length;
    const fresh = (all: readonly Datagram[]) => all.slice(from).filter((one) => isOurs(one) === ours);
    const all = await receiver.until(`datagrams after: ${name}`, (so) => fresh(so).length > 2, 90);
    const times = all.slice(Math.max(before - 1, 0)).map(({ time }) => time);
    const gap = Math.max(0, ...times.map((time, i) => time - (times[i - 1] ?? time)));
    gaps.push(`${name} ${gap.toFixed(1)} s`);
    expect(await shell.run("systemctl is-active hsflowd")).toBe("active\n");
    expect(new Set(fresh(all).map(isOurs)), `only one agent after: ${name}`).toEqual(new Set([ours]));
  }

  await shell.run("dpkg -i /mnt/hsflowd.deb </dev/null", 60);
  await configure("pcap { dev = veth0 }");
  const edited = await file();
  await step("hsflowd", "systemctl enable --now hsflowd", false);
  await step("hsflowd to hsflowd-ts", "dpkg -i /mnt/later.deb", true);
  await step("upgrade", "dpkg -i /mnt/later.deb", true);
  expect(await file()).toBe(edited);
  await shell.run("dpkg -r hsflowd-ts </dev/null", 120);
  expect((await shell.tryRun("systemctl is-active hsflowd")).output).toBe("inactive\n");
  expect(await file()).toBe(edited);
  await step("back to hsflowd", "dpkg -i /mnt/hsflowd.deb && systemctl enable --now hsflowd", false);
  await step("purge of hsflowd-ts", "dpkg -P hsflowd-ts", false);
  expect(await file()).toBe(edited);
  await shell.run("systemctl disable --now hsflowd; dpkg -P hsflowd </dev/null");
  process.stdout.write(`    telemetry gaps: ${gaps.slice(1).join(", ")}\n`);
}
