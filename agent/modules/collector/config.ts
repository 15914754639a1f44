// collector { }: where datagrams go. hsflowd.conf.

import { address } from "../../config/address.ts";
import { integer } from "../../config/number.ts";
import { device, text } from "../../config/word.ts";
import { defineModule } from "../module.ts";

export interface CollectorConfig {
  /** An address or a host name. */
  readonly ip: string;
  readonly udpport: number;
  readonly dev: string | undefined;
  /** A name below /var/run/netns, or an absolute path. */
  readonly namespace: string | undefined;
  /** Of `ip` where that is a name and whoever found the collector asks for them itself. No key of the file. */
  readonly addresses?: readonly string[];
}

export const collector = defineModule<CollectorConfig>({
  keyword: "collector",
  help: "where datagrams go; each collector gets a copy of every one",
  many: true,
  load: () => import("./index.ts"),
  needs: [{ capability: "CAP_SYS_ADMIN", purpose: "enter the network namespace", option: "namespace" }],
  options: {
    ip: address({ help: "address or host name of the collector", default: "", required: true, example: "192.0.2.1" }),
    udpport: integer({ help: "UDP port it listens on", default: 6343, min: 1, max: 65535 }),
    dev: device({ help: "interface or VRF to send through", default: undefined, example: "mgmt" }),
    namespace: text({ help: "network namespace to send from", default: undefined, example: "blue" }),
  },
});
