// A real Podman for a test, behind its Docker-compatible socket, with an image that holds only busybox. podman(1),
// podman-system-service(1).

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { start } from "./child.ts";
import { until } from "./command.ts";
import { type DockerEngine, engineHost, IMAGE, makeArchive, removeAll, unmountBelow } from "./docker-engine.ts";
import type { Lab } from "./namespaces.ts";

export interface PodmanEngine extends Pick<DockerEngine, "docker" | "host" | "address" | "start" | "remove"> {
  /** Runs `podman` and returns its output: containers need no service to run. */
  run(...words: string[]): string;
  /** Ends the service only; containers go on running. */
  kill(): Promise<void>;
}

/** Keeps all files in `folder`, and needs no service manager, no log daemon and no higher limits than a test has. */
function configuration(folder: string): string {
  const at = (name: string) => JSON.stringify(join(folder, name));
  return `
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[network]
network_backend = "netavark"
network_config_dir = ${at("networks")}
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = ${at("tmp")}
volume_path = ${at("volumes")}
`;
}

export async function makePodmanEngine(lab: Lab, folder: string): Promise<PodmanEngine> {
  const { outside, host } = engineHost(lab);
  const at = (name: string) => join(folder, name);
  const path = at("podman.sock");
  const address = `unix://${path}`;
  const docker = new Docker({ socketPath: path });
  mkdirSync(at("tmp"));
  writeFileSync(at("containers.conf"), configuration(folder));
  const environment = [`CONTAINERS_CONF=${at("containers.conf")}`, `TMPDIR=${at("tmp")}`];
  const places = ["--root", at("root"), "--runroot", at("run"), "--storage-driver", "vfs"];
  const podman = ["env", ...environment, "podman", ...places] as const;

  /** Its socket has the mode that podman.socket sets. */
  function startService() {
    const service = start(outside, [...podman, "system", "service", "--time=0", address]);
    const ready = until("podman", isReady, { evidence: service.stderr }).then(() => chmodSync(path, 0o660));
    return { service, ready };
  }
  const isReady = async () => (await docker.ping().catch(() => undefined)) !== undefined;

  const runPodman = (...words: string[]) => outside.run(...podman, ...words);
  runPodman("import", makeArchive(folder), IMAGE);
  let { service, ready } = startService();
  await ready;
  return {
    docker,
    host,
    address,
    run: runPodman,
    async kill() {
      service.kill("SIGKILL");
      await until("the end of podman", () => service.ended());
    },
    async start() {
      ({ service, ready } = startService());
      await ready;
    },
    async remove() {
      await removeAll(docker);
      await service.stop();
      unmountBelow(folder);
    },
  };
}
