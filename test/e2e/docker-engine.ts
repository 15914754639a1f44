// A real dockerd for a test, in its own namespace and folder, with an image that holds only busybox.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { type Child, start } from "./child.ts";
import { run, tryRun, until } from "./command.ts";
import { atOnce, type Lab, type Namespace } from "./namespaces.ts";

export const IMAGE = "bb:1";
const APPLETS = ["sh", "cat", "sleep", "usleep", "true", "dd", "nc", "wget", "ping", "ip", "kill", "env", "tail"];

export interface Action {
  readonly action: string;
  readonly id: string;
  readonly name: string;
  /** Seconds of the UNIX epoch. */
  readonly time: number;
}

export interface DockerEngine {
  readonly docker: Docker;
  /**
   * The namespace with docker0, where the agent runs too. Its /sys is the host's, with the control groups. Programs
   * get a processor at once, so that other work on the machine is not measured.
   */
  readonly host: Namespace;
  /** The value of the option `socket`. */
  readonly address: string;
  /** The engine's container events while it ran. */
  readonly actions: readonly Action[];
  /** Sends SIGKILL: containers go on running. */
  kill(): Promise<void>;
  /** Sends SIGTERM: with live-restore, containers go on running. */
  stop(): Promise<void>;
  start(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  remove(): Promise<void>;
}

/** `ip netns exec` mounts a /sys without control groups. */
function inside(namespace: Namespace): Namespace {
  const command = (...words: string[]): [string, ...string[]] => ["nsenter", `--net=${namespace.path}`, "--", ...words];
  return { ...namespace, command, run: (...words) => run(...command(...words)) };
}

/** Returns a namespace for an engine, and the same one for the agent. */
export function engineHost(lab: Lab): { outside: Namespace; host: Namespace } {
  const outside = inside(lab.namespace());
  return { outside, host: atOnce(outside) };
}

export async function makeDockerEngine(lab: Lab, folder: string, ...options: string[]): Promise<DockerEngine> {
  const { outside, host } = engineHost(lab);
  const at = (name: string) => join(folder, name);
  const path = at("docker.sock");
  const address = `unix://${path}`;
  const docker = new Docker({ socketPath: path });
  const actions: Action[] = [];
  // As under a service manager, so that an engine that was killed finds its containers again.
  const containerd = start(outside, ["containerd", ...containerdOptions(folder)]);
  await until("containerd", () => existsSync(at("containerd.sock")), { evidence: containerd.stderr });
  let daemon: Child | undefined;

  async function startDaemon(): Promise<void> {
    const files = ["--data-root", at("data"), "--exec-root", at("exec"), "--pidfile", at("pid"), "-H", address];
    const runtime = ["--containerd", at("containerd.sock")];
    const plain = ["--iptables=false", "--ip6tables=false", "--live-restore", "--log-level=error"];
    tryRun("rm", "-f", at("pid"));
    const began = Date.now() / 1000;
    const child = start(outside, ["dockerd", ...files, ...runtime, ...plain, ...options]);
    daemon = child;
    await until(
      "dockerd",
      async () => {
        if (child.ended()) throw new Error(`dockerd ended: ${child.stderr()}`);
        return (await docker.ping().catch(() => undefined)) !== undefined;
      },
      { evidence: child.stderr },
    );
    await record(docker, actions, began);
  }

  await startDaemon();
  await importImage(docker, folder);
  return {
    docker,
    host,
    address,
    actions,
    start: startDaemon,
    signal: (signal) => daemon?.kill(signal),
    async kill() {
      daemon?.kill("SIGKILL");
      await until("the end of dockerd", () => daemon?.ended());
    },
    stop: async () => void (await daemon?.stop()),
    async remove() {
      await removeAll(docker);
      await daemon?.stop(15);
      await containerd.stop(15);
      unmountBelow(folder);
    },
  };
}

/**
 * Asks for events since the engine started, in seconds of the UNIX epoch: it may have sent some before this request.
 */
async function record(docker: Docker, into: Action[], since: number): Promise<void> {
  const filters = JSON.stringify({ type: ["container"] });
  const stream = await docker.getEvents({ filters, since });
  let rest = "";
  stream.on("error", () => undefined);
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const { Action: action, Actor, timeNano } = JSON.parse(line);
      into.push({ action, id: Actor.ID, name: Actor.Attributes.name, time: timeNano / 1e9 });
    }
  });
}

/** The file system of the image: busybox and its links. */
export function makeArchive(folder: string): string {
  const root = join(folder, "image");
  mkdirSync(join(root, "bin"), { recursive: true });
  mkdirSync(join(root, "tmp"));
  copyFileSync("/bin/busybox", join(root, "bin/busybox"));
  for (const applet of APPLETS) symlinkSync("busybox", join(root, "bin", applet));
  const archive = join(folder, "image.tar");
  run("tar", "-C", root, "-cf", archive, ".");
  return archive;
}

async function importImage(docker: Docker, folder: string): Promise<void> {
  const stream = await docker.importImage(makeArchive(folder), { repo: "bb", tag: "1" });
  await new Promise((resolve) => stream.on("end", resolve).resume());
}

export async function removeAll(docker: Docker): Promise<void> {
  const all = await docker.listContainers({ all: true }).catch(() => []);
  for (const { Id } of all)
    await docker
      .getContainer(Id)
      .remove({ force: true })
      .catch(() => undefined);
}

function containerdOptions(folder: string): string[] {
  const at = (name: string) => join(folder, name);
  const places = ["--root", at("containerd"), "--state", at("containerd-state"), "--address", at("containerd.sock")];
  return [...places, "--log-level=error"];
}

export function unmountBelow(folder: string): void {
  const points = readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((point) => point.startsWith(`${folder}/`));
  for (const point of points.toReversed()) tryRun("umount", "-l", point);
}

/** Runs jobs, `width` at a time: as fast as the engine can without a queue of requests. */
export async function inParallel<T>(width: number, items: readonly T[], work: (item: T) => Promise<unknown>) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Returns the loops of busybox's shell that take one millisecond of processor time here. */
export function loopsPerMillisecond(): number {
  const loops = 100_000;
  const began = process.hrtime.bigint();
  execFileSync("/bin/busybox", ["sh", "-c", `i=0; while [ $i -lt ${loops} ]; do i=$((i+1)); done`]);
  return loops / (Number(process.hrtime.bigint() - began) / 1e6);
}
