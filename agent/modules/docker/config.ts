// docker { }: counters of Docker containers. See hsflowd.conf(5).

import type { ValuesOf } from "../../config/option.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";
import { forgetVMs, markTraffic, refreshVMs } from "../shared-options.ts";
import { type EngineSocket, engineSocket } from "./socket.ts";

const DOCKER: EngineSocket = { shown: "unix:///var/run/docker.sock", path: "/var/run/docker.sock", host: "", port: 0 };

export const docker = defineModule({
  keyword: "docker",
  help: "counters of Docker containers, from start to end",
  reportsWorkloads: true,
  options: {
    refreshVMs: refreshVMs("containers", { min: 60, ignored: "containers are tracked by events" }),
    forgetVMs: forgetVMs("a container", "containers are tracked by events"),
    hostname: onoff({ help: "report a container's hostname instead of its name", default: false }),
    markTraffic: markTraffic("containers"),
    socket: engineSocket({
      help: "address of the engine: unix:///path or tcp://host:port",
      default: DOCKER,
    }),
  },
  needs: [
    { capability: "CAP_SYS_PTRACE", purpose: "find the network namespaces of containers" },
    { capability: "CAP_SYS_ADMIN", purpose: "enter a container's network namespace and read its interfaces" },
    { capability: "CAP_NET_RAW", purpose: "look up each interface of a container by binding a socket to it" },
  ],
  portOf: ({ socket: { path, port } }) => (path === undefined ? port : undefined),
  socketOf: ({ socket: { path } }) => (path === undefined ? undefined : { path, group: "docker" }),
});

export type DockerConfig = ValuesOf<typeof docker.options>;
