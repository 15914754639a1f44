// Starts the built agent with a configuration in a namespace.

import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../../agent/report/agent-status.ts";
import { type Child, start } from "./child.ts";
import { run, until } from "./command.ts";
import type { Namespace } from "./namespaces.ts";

export interface Agent extends Child {
  readonly configuration: string;
  readonly controlSocket: string;
  /** Resolves when a packet socket is bound to the interface: from here on its packets are sampled. */
  taps(index: number): Promise<void>;
  /** Returns the counters of a block, as `hsflowd status` shows them. */
  counters(block: string): Readonly<Record<string, number>>;
}

/** A folder for the files of a test. An agent that has given up root can read it. */
export interface Folder {
  readonly path: string;
  /** Returns the path of a file in it. */
  file(name: string): string;
  remove(): void;
}

export function makeFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "hsflowd-e2e-"));
  chmodSync(path, 0o755);
  return { path, file: (name) => join(path, name), remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Returns words before a command line, for another user than root: it runs a copy of the built agent. That user cannot
 * enter a checkout in /root.
 */
export function inOpenCopy({ path, file }: Folder): string[] {
  if (!existsSync(file("dist"))) cpSync("dist", file("dist"), { recursive: true });
  return ["env", "-C", path];
}

/** The tracer of an agent, if TRACE_TO names a folder for its system calls. See confinement.test.ts. */
function tracer(): string[] {
  const folder = process.env["TRACE_TO"];
  const file = `${folder}/${Math.random().toString(36).slice(2)}`;
  return folder === undefined ? [] : ["strace", "-D", "-f", "-qq", "-o", file];
}

/** NODE_FLAGS has options of Node.js; NODE_OPTIONS accepts only a few of V8's. */
export function startAgent(namespace: Namespace, configuration: string, folder: string, ...options: string[]): Agent {
  const file = join(folder, `hsflowd-${Math.random().toString(36).slice(2)}.conf`);
  writeFileSync(file, configuration);
  const controlSocket = `${file}.sock`;
  const node = [process.execPath, ...(process.env["NODE_FLAGS"]?.split(" ") ?? [])];
  const words = ["dist/hsflowd.js", "-d", "-f", file, "-o", `${file}.auto`, "-p", `${file}.pid`];
  // Several agents may run in a namespace, each for a receiver of its own.
  const own = [`--control-socket=${controlSocket}`, `--state-file=${file}.state`, "--allow-second"];
  const child = start(namespace, [...tracer(), ...node, ...words, ...own, ...options]);
  return {
    ...child,
    configuration: file,
    controlSocket,
    taps: async (index) => {
      await until(
        `a tap on interface ${index}`,
        () => {
          if (child.ended()) throw new Error(`the agent ended: ${child.stderr()}`);
          return tapped(namespace).includes(index);
        },
        { evidence: child.stderr },
      );
    },
    counters(block) {
      const words = ["dist/hsflowd.js", "status", "--format=json", `--control-socket=${controlSocket}`];
      const { modules }: Status = JSON.parse(run(process.execPath, ...words));
      return modules.find(({ name }) => name === block)?.counters ?? {};
    },
  };
}

/** Returns the interfaces that a packet socket of all protocols is bound to. packet(7), /proc/net/packet. */
function tapped(namespace: Namespace): number[] {
  const rows = namespace.run("cat", "/proc/net/packet").trim().split("\n").slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , protocol]) => protocol === "0003")
    .map(([, , , , index]) => Number(index));
}
