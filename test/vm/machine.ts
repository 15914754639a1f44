// A virtual machine: QEMU with Debian's kernel, on a root file system of this machine that it cannot change. Always
// emulated: ten times slower than this machine, and the same with and without KVM. qemu(1), kernel: filesystems/9p,
// driver-api/early-userspace.

import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { start } from "../e2e/child.ts";
import { here } from "../e2e/namespaces.ts";
import { openShell, type Shell } from "./shell.ts";

/** Where packaging/setup.sh unpacks Debian's kernel, or another one is unpacked. */
const KERNEL = process.env["VM_KERNEL"] ?? "/var/cache/hsflowd-vm/kernel";
/** On a busy machine, no clock of an emulated one is steady enough for the kernel's checks. */
const PARAMETERS = "console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on no_timer_check";
/** Modules needed before a root file system is mounted; others are loaded from it. */
const MODULES = ["virtio_pci", "9pnet_virtio", "9p", "overlay"];

export interface Machine {
  /** Everything that the script wrote to /dev/ttyS1. */
  said(): string;
  /** Everything on the console, from kernel and programs: evidence of a failure. */
  console(): string;
  /** Resolves when the machine has powered itself off. */
  ended(): Promise<unknown>;
  /** Sends text to the process that reads /dev/ttyS1. */
  shell(): Promise<Shell>;
  remove(): Promise<void>;
}

interface Options {
  readonly root?: string;
  readonly memory?: string;
  readonly seconds?: number;
  /** Further arguments of QEMU: the machine's devices. */
  readonly devices?: readonly string[];
}

/** Returns the release of the kernel, as uname(1) says it there. */
export function kernelRelease(): string {
  const [image = ""] = readdirSync(`${KERNEL}/boot`).filter((name) => name.startsWith("vmlinuz-"));
  return image.replace("vmlinuz-", "");
}

/**
 * Boots with the folder `root` as root file system; changes to it are lost at the end. `script`, for sh(1), is
 * process 1. The machine is removed after `seconds`, or when this process ends.
 */
export function boot(
  script: string,
  { root = "/", memory = "2G", seconds = 240, devices = [] }: Options = {},
): Machine {
  const folder = mkdtempSync(join(tmpdir(), "hsflowd-vm-"));
  const at = (name: string) => join(folder, name);
  const release = kernelRelease();
  const modules = `${KERNEL}/lib/modules/${release}`;
  makeInitramfs(at("initramfs"), modules, script);
  const qemu = [
    ...["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", memory],
    ...["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-nic", "none"],
    ...["-kernel", `${KERNEL}/boot/vmlinuz-${release}`, "-initrd", at("initramfs"), "-append", PARAMETERS],
    ...["-serial", `file:${at("console")}`],
    ...["-chardev", `socket,id=port,path=${at("port")},server=on,wait=off,logfile=${at("said")}`],
    ...["-serial", "chardev:port"],
    ...share("root", root),
    ...share("modules", modules),
    ...devices,
  ];
  const bounded = ["setpriv", "--pdeathsig", "TERM", "timeout", "-k", "5", `${seconds}`];
  const child = start(here, [...bounded, ...qemu]);
  const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), "utf8") : "");
  const evidence = () => child.stderr() + read("console");
  return {
    said: () => read("said"),
    console: evidence,
    ended: () => child.end,
    shell: () => openShell(at("port"), evidence),
    async remove() {
      await child.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Mounted inside by `mount -t 9p -o ro,trans=virtio,version=9p2000.L TAG FOLDER`. */
export function share(tag: string, path: string): string[] {
  const options = "security_model=none,multidevs=remap,readonly=on";
  return ["-virtfs", `local,id=${tag},mount_tag=${tag},path=${path},${options}`];
}

/** A cable between two network cards of 1 Gbit/s with these hardware addresses. */
export const cable = (hub: number, macs: readonly string[]): string[] =>
  macs.flatMap((mac, end) => [
    ...["-netdev", `hubport,id=card${hub}-${end},hubid=${hub}`],
    ...["-device", `virtio-net-pci,netdev=card${hub}-${end},mac=${mac},speed=1000,duplex=full,romfile=`],
  ]);

/** A network card from which 10.0.2.2 is the loopback of this machine. */
export const OUTSIDE = [
  ...["-netdev", "user,id=outside,ipv6=off"],
  ...["-device", "virtio-net-pci,netdev=outside,mac=52:54:00:00:00:01,romfile="],
];

function makeInitramfs(file: string, modules: string, script: string): void {
  const root = `${file}.root`;
  mkdirSync(`${root}/bin`, { recursive: true });
  copyFileSync("/bin/busybox", `${root}/bin/busybox`);
  const paths = withDependencies(modules, MODULES);
  for (const path of paths) {
    const unpack = path.endsWith(".xz") ? ["xz", "-dc"] : ["cat"];
    execFileSync("sh", ["-c", `"$@" >'${root}/${basename(path, ".xz")}'`, "sh", ...unpack, `${modules}/${path}`]);
  }
  writeFileSync(`${root}/init`, makeInit(paths.map((path) => basename(path, ".xz"))), { mode: 0o755 });
  writeFileSync(`${root}/script`, script);
  execFileSync("sh", ["-c", `cd '${root}' && find . | cpio --quiet -o -H newc >'${file}'`]);
  rmSync(root, { recursive: true });
}

/** Paths of modules in load order, without those that are part of the kernel. modules.dep(5) */
function withDependencies(folder: string, names: readonly string[]): string[] {
  const read = (name: string) => readFileSync(`${folder}/${name}`, "utf8").trim().split("\n");
  const lines = read("modules.dep");
  const builtIn = read("modules.builtin").map((path) => basename(path, ".ko"));
  const order = new Set<string>();
  for (const name of names.filter((name) => !builtIn.includes(name))) {
    const line = lines.find((line) => basename(line.split(":")[0] ?? "").startsWith(`${name}.ko`));
    if (line === undefined) throw new Error(`${folder} has no module ${name}`);
    const [path = "", ...dependencies] = line.split(/:? /);
    for (const each of [...dependencies.toReversed(), path.replace(":", "")]) order.add(each);
  }
  return [...order];
}

const makeInit = (modules: readonly string[]) => `#!/bin/busybox sh
set -e
/bin/busybox --install -s /bin
mkdir -p /lower /upper /root
for module in ${modules.join(" ")}; do insmod /$module; done
share=ro,trans=virtio,version=9p2000.L,cache=loose,msize=524288
mount -t 9p -o $share root /lower
mount -t tmpfs -o size=75% tmpfs /upper
mkdir /upper/upper /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/upper,workdir=/upper/work overlay /root
mount -t proc proc /root/proc
mount -t sysfs sysfs /root/sys
mount -t devtmpfs devtmpfs /root/dev
mount -t tmpfs -o mode=755 tmpfs /root/run
mkdir -p "/root/lib/modules/$(uname -r)"
mount -t 9p -o $share modules "/root/lib/modules/$(uname -r)"
cp /script /root/run/script
exec switch_root /root /bin/sh /run/script
`;
