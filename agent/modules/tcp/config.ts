// tcp { }: what the kernel knows of the TCP connection of a sampled packet. hsflowd.conf.

import type { ValuesOf } from "../../config/option.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const tcp = defineModule({
  keyword: "tcp",
  help: "adds round-trip time, loss and window of the connection to sampled packets",
  options: {
    tunnel: onoff({ help: "look inside VXLAN, Geneve, GRE and IP-in-IP for the connection", default: false }),
    udp: onoff({
      help: "look up UDP sockets too",
      default: false,
      ignored: "the kernel keeps no round-trip time, loss or window of UDP sockets",
    }),
    dump: onoff({ help: "list all sockets instead of asking about each connection", default: false }),
  },
  needs: [
    { capability: "CAP_SYS_PTRACE", purpose: "find the network namespaces of containers" },
    { capability: "CAP_SYS_ADMIN", purpose: "ask about connections in the network namespaces of containers" },
  ],
});

export type TcpConfig = ValuesOf<typeof tcp.options>;
