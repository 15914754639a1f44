// docker { }: counters of Docker containers. See hsflowd.conf(5).

import { integer } from "../../config/number.ts";
import type { ValuesOf } from "../../config/option.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";
import { type EngineSocket, engineSocket } from "./socket.ts";

const DOCKER: EngineSocket = { shown: "unix:///var/run/docker.sock", path: "/var/run/docker.sock", host: "", port: 0 };

export const docker = defineModule({
  keyword: "docker",
  help: "counters of Docker containers, from start to end",
  options: {
    refreshVMs: integer({
      help: "seconds between readings of the list of containers",
      default: undefined,
      ignored: "containers are tracked by events",
      min: 60,
      max: 3600,
    }),
    forgetVMs: integer({
      help: "seconds until a container that is gone is forgotten",
      default: undefined,
      ignored: "containers are tracked by events",
      min: 60,
      max: 4_294_967_295,
    }),
    hostname: onoff({ help: "report a container's hostname instead of its name", default: false }),
    markTraffic: onoff({ help: "add the names of containers to their sampled packets", default: false }),
    socket: engineSocket({
      help: "address of the engine: unix:///path or tcp://host:port",
      default: DOCKER,
    }),
  },
  needs: [
    { capability: "CAP_SYS_PTRACE", purpose: "find the network namespaces of containers" },
    { capability: "CAP_SYS_ADMIN", purpose: "enter them and read the addresses of interfaces there" },
    { capability: "CAP_NET_RAW", purpose: "bind a socket to these interfaces, one after another" },
  ],
  socketOf: ({ socket: { path } }) => (path === undefined ? undefined : { path, group: "docker" }),
});

export type DockerConfig = ValuesOf<typeof docker.options>;
