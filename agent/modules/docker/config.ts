// docker { }: counters of Docker containers. hsflowd.conf.

import { integer } from "../../config/number.ts";
import type { ValuesOf } from "../../config/option.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";
import { type EngineSocket, engineSocket } from "./socket.ts";

const DOCKER: EngineSocket = { shown: "unix:///var/run/docker.sock", path: "/var/run/docker.sock", host: "", port: 0 };

export const docker = defineModule({
  keyword: "docker",
  help: "counters of Docker containers, from their start to their end",
  options: {
    refreshVMs: integer({
      help: "seconds between looks at the list",
      default: undefined,
      ignored: "containers are followed by events",
      min: 60,
      max: 3600,
    }),
    forgetVMs: integer({
      help: "seconds after which what is gone is forgotten",
      default: undefined,
      ignored: "containers are followed by events",
      min: 60,
      max: 4_294_967_295,
    }),
    hostname: onoff({ help: "report the hostname of a container instead of its name", default: false }),
    markTraffic: onoff({ help: "name the containers in sampled packets of theirs", default: false }),
    socket: engineSocket({
      help: "where the engine listens: unix:///path or tcp://host:port",
      default: DOCKER,
    }),
  },
  needs: [
    { capability: "CAP_SYS_PTRACE", purpose: "find the network namespaces of containers" },
    { capability: "CAP_SYS_ADMIN", purpose: "enter them and tell the addresses of interfaces there" },
    { capability: "CAP_NET_RAW", purpose: "go from one of these interfaces to the next" },
  ],
  socketOf: ({ socket: { path } }) => (path === undefined ? undefined : { path, group: "docker" }),
});

export type DockerConfig = ValuesOf<typeof docker.options>;
