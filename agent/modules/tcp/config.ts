// tcp { }: adds the kernel's state of the TCP connection to sampled packets. See hsflowd.conf(5).

import type { ValuesOf } from "../../config/option.ts";
import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export const tcp = defineModule({
  keyword: "tcp",
  help: "adds round-trip time, loss and window of the connection to sampled packets",
  options: {
    tunnel: onoff({ help: "also look for connections inside VXLAN, Geneve, GRE and IP-in-IP", default: false }),
    udp: onoff({
      help: "also look up UDP sockets",
      default: false,
      ignored: "the kernel keeps no round-trip time, loss or window of UDP sockets",
    }),
    dump: onoff({ help: "list all sockets instead of querying each connection", default: false }),
  },
  needs: [
    { capability: "CAP_SYS_PTRACE", purpose: "find the network namespaces of containers" },
    { capability: "CAP_SYS_ADMIN", purpose: "query connections in the network namespaces of containers" },
  ],
});

export type TcpConfig = ValuesOf<typeof tcp.options>;
