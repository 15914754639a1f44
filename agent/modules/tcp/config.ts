// tcp { }: what the kernel knows of the TCP connection of a sampled packet. hsflowd.conf.

import { onoff } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export interface TcpConfig {
  readonly tunnel: boolean;
  readonly udp: boolean;
  readonly dump: boolean;
}

export const tcp = defineModule<TcpConfig>({
  keyword: "tcp",
  help: "adds round-trip time, loss and window of the connection to sampled packets",
  options: {
    tunnel: onoff({ help: "look inside tunnels for the connection", default: false }),
    udp: onoff({ help: "look up UDP sockets too", default: false }),
    dump: onoff({ help: "one dump of all sockets instead of one question a packet", default: false }),
  },
});
