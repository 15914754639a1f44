// Sizes of file systems: which mounts are chosen, when sizes are read, and mounts that hang.

import { expect, it } from "vitest";
import { makeDiskSpace, selectMounts } from "../../agent/counters/disk-space.ts";
import { parseMountinfo } from "../../agent/proc/mountinfo.ts";
import { type FakeHost, makeFakeHost } from "../fakes/host.ts";

const GIGABYTE = 1e9;
const SIZES = {
  "/": { total: 100 * GIGABYTE, available: 40 * GIGABYTE },
  "/boot": { total: GIGABYTE, available: 0.25 * GIGABYTE },
  "/srv/my data\\old": { total: 200 * GIGABYTE, available: 150 * GIGABYTE },
  "/home": { total: 50 * GIGABYTE, available: 49 * GIGABYTE },
  "/usr": { total: 8 * GIGABYTE, available: 7 * GIGABYTE },
};
const never = (): Promise<never> => new Promise(() => undefined);

async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}

function makeHost(): FakeHost {
  const host = makeFakeHost({ tree: "mirrored-volumes" });
  Object.assign(host.files.sizes, SIZES);
  return host;
}

async function start(host: FakeHost, polling = 30) {
  const space = makeDiskSpace(host, () => polling);
  const started = space.start();
  await settle();
  return { space, started };
}

it("chooses one mount of each writable file system on a disk", () => {
  const mounts = parseMountinfo(makeHost().files.read("/proc/1/mountinfo") ?? "");
  expect(selectMounts(mounts).map((mount) => mount.mountPoint)).toEqual(Object.keys(SIZES));
});

it("chooses the last of two mounts at one place, FUSE on a disk, and no network root", () => {
  const mount = (at: string, type: string, source: string, minor: number) =>
    `1 1 8:${minor} / ${at} rw - ${type} ${source} rw`;
  const mounts = parseMountinfo(
    [
      mount("/", "nfs", "/dev/root", 0),
      mount("/a", "ext4", "/dev/sda1", 1),
      mount("/a", "ext4", "/dev/sda2", 2),
      mount("/w", "fuseblk", "/dev/sda3", 3),
      mount("/x", "fuse.sshfs", "/dev/fuse", 4),
      mount("/y", "9p", "/dev/root", 5),
      mount("/z", "ubifs", "ubi0:rootfs", 6),
    ].join("\n"),
  );
  expect(selectMounts(mounts).map(({ source }) => source)).toEqual(["/dev/sda2", "/dev/sda3", "ubi0:rootfs"]);
});

it("sums sizes, and finds the fullest", async () => {
  const { space, started } = await start(makeHost());
  await started;
  expect(space.read()).toEqual({ total: 359 * GIGABYTE, available: 246.25 * GIGABYTE, mostUsed: 7500 });
  space.stop();
});

it("uses the mounts of its own process if it cannot read those of process 1", async () => {
  const host = makeHost();
  host.files.over["/proc/1/mountinfo"] = undefined;
  host.files.over["/proc/self/mountinfo"] = "1 1 8:1 / /boot rw - ext4 /dev/sda1 rw\n";
  const { space } = await start(host);
  expect(space.read()?.total).toBe(GIGABYTE);
});

it("has size 0 and no fullest file system if there is none", async () => {
  const host = makeHost();
  host.files.over["/proc/1/mountinfo"] = "1 1 0:5 / / rw - overlay overlay rw\n";
  const { space } = await start(host);
  expect(space.read()).toEqual({ total: 0, available: 0, mostUsed: undefined });
});

it("starts within a tenth of a second even if a mount hangs", async () => {
  const host = makeHost();
  Object.assign(host.files.sizes, { "/": never });
  const { space, started } = await start(host);
  expect(space.read()).toBe(undefined);
  host.clock.advance(0.1);
  await started;
});

it("skips a mount that hangs, keeps its last size, and sends no second query", async () => {
  const host = makeHost();
  const { space } = await start(host);
  space.read();
  Object.assign(host.files.sizes, { "/boot": never, "/usr": { total: 8 * GIGABYTE, available: 0 } });
  host.clock.advance(1);
  await settle();
  host.clock.advance(2);
  await settle();
  expect(space.statistics.hung).toBe(1);
  expect(space.read()).toEqual({ total: 359 * GIGABYTE, available: 239.25 * GIGABYTE, mostUsed: 10_000 });
  const { asked } = space.statistics;
  space.read();
  host.clock.advance(30);
  await settle();
  expect(space.statistics.asked - asked).toBeLessThanOrEqual(2 * 4);
  space.stop();
  host.clock.advance(60);
  expect(host.clock.timers).toBe(0);
});

it("does not count a mount as hung during its query", async () => {
  const host = makeHost();
  const { space } = await start(host);
  host.clock.advance(1);
  expect(space.statistics.hung).toBe(0);
  await settle();
});

it("does not count a mount as hung after a late answer", async () => {
  const host = makeHost();
  let answer = (_: undefined): void => undefined;
  Object.assign(host.files.sizes, {
    "/boot": () =>
      new Promise<undefined>((resolve) => {
        answer = resolve;
      }),
  });
  const { space } = await start(host);
  host.clock.advance(2);
  expect(space.statistics.hung).toBe(1);
  answer(undefined);
  await settle();
  expect(space.statistics.hung).toBe(0);
});

it("asks FUSE on a disk, and what is mounted below FUSE, in a child process", async () => {
  const host = makeHost();
  const asked: [string, boolean][] = [];
  const size = async (mountPoint: string, mayHang: boolean) => {
    asked.push([mountPoint, mayHang]);
    return undefined;
  };
  host.files.over["/proc/1/mountinfo"] = [
    "1 1 8:1 / / rw - ext4 /dev/sda1 rw",
    "2 1 8:2 / /ntfs rw - fuseblk /dev/sda2 rw",
    "3 1 0:9 / /cloud rw - fuse.rclone remote rw",
    "4 3 8:3 / /cloud/disk rw - xfs /dev/sda3 rw",
    "5 1 8:4 / /cloudy rw - xfs /dev/sda4 rw",
  ].join("\n");
  const { space } = await start({ ...host, files: { ...host.files, size } });
  expect(asked).toEqual([
    ["/", false],
    ["/ntfs", true],
    ["/cloud/disk", true],
    ["/cloudy", false],
  ]);
  space.stop();
});

it("leaves two of Node's threads free, however many mounts hang", async () => {
  const host = makeHost();
  Object.assign(host.files.sizes, Object.fromEntries(Object.keys(SIZES).map((path) => [path, never])));
  const { space } = await start(host);
  for (let second = 0; second < 20; second++) {
    host.clock.advance(1);
    await settle();
  }
  expect(space.statistics).toEqual({ hung: 2, asked: 2 });
});

async function startCounted(polling: number) {
  const host = makeHost();
  const { space } = await start(host, polling);
  const askedIn = async (seconds: number) => {
    const before = space.statistics.asked;
    for (let second = 0; second < seconds; second++) {
      host.clock.advance(1);
      await settle();
    }
    return (space.statistics.asked - before) / Object.keys(SIZES).length;
  };
  return { space, askedIn };
}

it("reads every second until the phase of samples is known, then in the last second before each", async () => {
  const { space, askedIn } = await startCounted(30);
  space.read();
  expect(await askedIn(7)).toBe(7);
  space.read();
  expect(await askedIn(28)).toBe(0);
  expect(await askedIn(2)).toBe(2);
  space.read();
  expect(await askedIn(28)).toBe(0);
});

it("reads every ten seconds if samples are more frequent", async () => {
  const { space, askedIn } = await startCounted(1);
  expect(await askedIn(9)).toBe(0);
  for (let i = 0; i < 3; i++) {
    space.read();
    expect(await askedIn(10)).toBe(1);
  }
});

it("forgets a file system that is no longer mounted", async () => {
  const host = makeHost();
  const { space } = await start(host);
  host.files.over["/proc/1/mountinfo"] = "1 1 8:1 / /boot rw - ext4 /dev/sda1 rw\n";
  host.clock.advance(1);
  await settle();
  expect(space.read()?.total).toBe(GIGABYTE);
});
