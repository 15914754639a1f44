// The system's name server dnsmasq with a zone that a test writes, and a resolv.conf for a namespace that names it.
// dnsmasq(8), ip-netns(8).

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, start } from "./child.ts";
import { tryRun, until } from "./command.ts";
import type { Namespace } from "./namespaces.ts";

export interface Zone {
  /** Answers with these records from now on, in the syntax of dnsmasq: `srv-host=...`. */
  serve(records: readonly string[]): Promise<void>;
  /** Stops the server: queries get no answer. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

const COMMON = ["no-resolv", "no-hosts", "local=/example.com/", "listen-address=127.0.0.1", "bind-interfaces"];

/** UDP port 53 in hexadecimal, as in /proc/net/udp. */
const listens = (namespace: Namespace): boolean => namespace.run("cat", "/proc/net/udp").includes(":0035 ");

export function makeZone(namespace: Namespace, folder: string): Zone {
  const etc = join("/etc/netns", namespace.name);
  mkdirSync(etc, { recursive: true });
  writeFileSync(
    join(etc, "resolv.conf"),
    "nameserver 127.0.0.1\nsearch lab.example.com example.com\noptions timeout:1\n",
  );
  let server: Child | undefined;

  async function stop(): Promise<void> {
    await server?.stop();
    server = undefined;
  }

  return {
    async serve(records) {
      await stop();
      const file = join(folder, "dnsmasq.conf");
      writeFileSync(file, `${[...COMMON, ...records].join("\n")}\n`);
      const child = start(namespace, ["dnsmasq", "-k", "--user=root", "--pid-file=", `--conf-file=${file}`]);
      server = child;
      await until("dnsmasq", () => listens(namespace), { evidence: child.stderr });
    },
    stop,
    async remove() {
      await stop();
      rmSync(etc, { recursive: true, force: true });
      tryRun("rmdir", "/etc/netns");
    },
  };
}
