// A checkout and a PATH of its own for packaging/setup.sh, with tools that note how they were called. Nothing is
// missing in it.

import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A fake install: it makes a command that has the name of the last package. */
export const INSTALL = '; for package in "$@"; do :; done; ln -s cc bin/$package';
/** What apt prints before it asks. */
export const PLAN = `echo "0 upgraded, 12 newly installed, 0 to remove and 3 not upgraded."
echo "Need to get 6158 kB/6770 kB of archives."
echo "After this operation, 28.4 MB of additional disk space will be used."`;
/** The tools that build for the other architecture, on either one. */
const COMPILERS = ["aarch64-linux-gnu-gcc", "x86_64-linux-gnu-gcc"];
const CROSS = ["aarch64-linux-gnu", "x86_64-linux-gnu"].map((name) => `/usr/${name}/include/stdio.h`);

/** Tools of this machine. */
const TOOLS = "cat chmod dirname find grep kill ln mktemp readlink rm sed sh sleep sort tail tr uname".split(" ");

export const KERNEL = "/var/cache/hsflowd-vm/kernel";

const FAKES = [
  ...["cc", "docker", "dockerd", "ethtool", "g++", "ip", "iperf3", "make", "nfdump", "strip", "dpkg-deb", "lintian"],
  ...["dnsmasq", "gpg", "gpg-agent", "gpgconf", "iptables", "xz"],
  ...["qemu-aarch64-static", "cpio", "depmod", "mmdebstrap", "qemu-system-x86_64", "systemd-analyze", "ping"],
  ...[
    "fish",
    "mandoc",
    "zsh",
    "nft",
    "podman",
    "python3",
    "sfacctd",
    "promtool",
    "nginx",
    "wrk",
    "curl",
    "sfcapd",
    "strace",
    "sysctl",
    "tcpdump",
    "tshark",
    ...COMPILERS,
  ],
];

type Environment = Readonly<Record<string, string>>;

export class Checkout {
  readonly #folder = mkdtempSync(join(tmpdir(), "setup-test-"));

  constructor() {
    for (const folder of ["bin", "agent", "native-shim", "packaging", "node_modules/cap", "dist", "usr/sbin"])
      mkdirSync(this.at(folder), { recursive: true });
    copyFileSync("packaging/setup.sh", this.at("packaging/setup.sh"));
    this.write("package-lock.json", 0);
    this.write("node_modules/.package-lock.json", 10);
    this.write("dist/.built", 10);
    for (const tool of TOOLS)
      symlinkSync(execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim(), this.tool(tool));
    this.fake("node", 'if [ "$1" = --version ]; then echo v20.16.0; else echo "node $*" >>calls; fi');
    this.fake("npm", 'echo "npm $*" >>calls; : >node_modules/.package-lock.json');
    this.fakeApt(`echo "apt-get $*" >>calls${INSTALL}`);
    this.fake("id", "echo 0");
    const headers = ["/usr/include/stdio.h", "/usr/include/pcap/pcap.h"];
    for (const file of [...headers, "/usr/lib/podman/netavark", "/bin/busybox", KERNEL, ...CROSS]) {
      mkdirSync(this.at(dirname(file)), { recursive: true });
      writeFileSync(this.at(file), "");
    }
    for (const tool of FAKES) this.fake(tool);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  at(path: string): string {
    return join(this.#folder, path);
  }

  tool(name: string): string {
    return this.at(join("bin", name));
  }

  /**
   * Makes an empty file, dated in the future by this many seconds: the test does not depend on the resolution of file
   * times.
   */
  write(path: string, seconds: number): void {
    writeFileSync(this.at(path), "");
    const time = Date.now() / 1000 + seconds;
    utimesSync(this.at(path), time, time);
  }

  fake(tool: string, script = ""): void {
    writeFileSync(this.tool(tool), `#!/bin/sh\n${script}\n`);
    chmodSync(this.tool(tool), 0o755);
  }

  /** Makes an apt-get that runs `plan` when it is asked what it would do, and `script` when it is to do it. */
  fakeApt(script: string, plan = PLAN): void {
    this.fake("apt-get", `case "$1" in --assume-no) ${plan}; exit 1 ;; esac\n${script}`);
  }

  get #environment(): Environment {
    return { PATH: this.at("bin"), SYSROOT: this.#folder };
  }

  setup(...args: string[]) {
    return this.setupWith({ SETUP: "yes" }, ...args);
  }

  setupWith(environment: Environment, ...args: string[]) {
    const run = spawnSync("sh", ["packaging/setup.sh", ...args], {
      cwd: this.#folder,
      env: { ...this.#environment, ...environment },
      encoding: "utf8",
    });
    const calls = this.at("calls");
    return {
      status: run.status,
      said: run.stdout + run.stderr,
      calls: existsSync(calls) ? readFileSync(calls, "utf8") : "",
    };
  }

  /** Runs setup.sh --test on a terminal on which `answer` is typed, and returns what the terminal shows. script(1). */
  onTerminal(answer: string): string {
    const words = Object.entries(this.#environment).map(([name, value]) => `${name}='${value}'`);
    const command = `env -i ${words.join(" ")} sh packaging/setup.sh --test; echo "status $?"`;
    const options = { cwd: this.#folder, input: answer, encoding: "utf8" } as const;
    return spawnSync("script", ["-qec", command, "/dev/null"], options).stdout;
  }
}
