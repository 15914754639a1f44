// Makes an adaptor for tests: Ethernet hardware that is up. A test may set other fields.

import type { Adaptor } from "../../agent/interfaces/adaptor.ts";

export const adaptorWith = (more: Partial<Adaptor> & Pick<Adaptor, "index">): Adaptor => ({
  name: `if${more.index}`,
  device: more.name ?? `if${more.index}`,
  alternativeNames: [],
  alias: undefined,
  mac: new Uint8Array([2, 0, 0, 0, 0, more.index]),
  hardwareType: 1,
  kind: undefined,
  adminUp: true,
  operUp: true,
  loopback: false,
  promiscuous: false,
  speed: 0,
  duplex: "unknown",
  master: 0,
  link: 0,
  linkNamespace: undefined,
  addresses: [],
  switchPort: undefined,
  countersFrom: undefined,
  ...more,
});
