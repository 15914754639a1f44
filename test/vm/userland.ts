// This checkout under the programs of another Debian: a root file system of its own under this machine's kernel, with
// the checkout in /root, which only root can enter, and with /tmp on a RAM disk. unshare(1), chroot(1).

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { start } from "../e2e/child.ts";
import { run } from "../e2e/command.ts";
import { here } from "../e2e/namespaces.ts";
import type { Machine } from "./machine.ts";

const CHECKOUT = "/root/checkout";
const MODULES = "/root/node_modules";

/** Copies what git knows, and what it does not ignore: builds of this machine's compiler stay behind. */
function copyCheckout(target: string): void {
  const files = run("git", "ls-files", "--cached", "--others", "--exclude-standard").split("\n");
  for (const file of files.filter((file) => file !== "node_modules" && existsSync(file))) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(file, join(target, file), { preserveTimestamps: true });
  }
  // A link, so that packaging/setup.sh does not install packages there.
  symlinkSync(MODULES, join(target, "node_modules"));
  run("git", "-C", target, "init", "--quiet");
  run("git", "-C", target, "add", "--all");
}

/** Mounts everything in memory, in a namespace of its own: it is gone afterwards, and `lower` is unchanged. */
const script = (command: string) => `
set -e
lower=$1 work=$2 modules=$3
mount -t tmpfs tmpfs "$work/memory" && mkdir "$work/memory/upper" "$work/memory/work"
mount -t overlay -o "lowerdir=$lower,upperdir=$work/memory/upper,workdir=$work/memory/work" overlay "$work/root"
cd "$work/root"
mount -t proc proc proc && mount --rbind /sys sys && mount --rbind /dev dev
mount -t tmpfs -o mode=755 tmpfs run && mount -t tmpfs -o mode=1777 tmpfs tmp
cp -a "$work/checkout" .${CHECKOUT} && chmod 700 root
touch "$work/lines" tmp/lines && mount --bind "$work/lines" tmp/lines
mkdir .${MODULES} && mount --bind "$modules" .${MODULES}
variables="HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/tmp CI=1 SETUP=no LINES_TO=/tmp/lines"
env -i $variables chroot . sh -c 'cd ${CHECKOUT} && ${command}'
`;

/** Runs `command` of sh(1) in the checkout there, for `seconds` at most. Returns what results.ts reports. */
export async function runUnder(
  root: string,
  command: string,
  seconds: number,
): Promise<Pick<Machine, "said" | "console">> {
  const work = mkdtempSync(join(tmpdir(), "hsflowd-userland-"));
  try {
    for (const name of ["memory", "root"]) mkdirSync(join(work, name));
    copyCheckout(join(work, "checkout"));
    const bounded = ["setpriv", "--pdeathsig", "TERM", "unshare", "--mount", "--propagation", "private"];
    const words = ["timeout", "-k", "5", `${seconds}`, "sh", "-c", script(command), "sh"];
    const child = start(here, [...bounded, ...words, root, work, realpathSync("node_modules")]);
    await child.end;
    const lines = join(work, "lines");
    const said = existsSync(lines) ? readFileSync(lines, "utf8") : "";
    return { said: () => said, console: () => child.stdout() + child.stderr() };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
