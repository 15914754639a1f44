// A host with a bond of two ports, a VLAN on it, a bridge, and the host's ends of a container and of a virtual machine.

import { makeAttribute } from "../../agent/netlink/attribute.ts";
import type { FakeLink } from "../fakes/link-message.ts";

const byte = (type: number, value: number): Uint8Array => makeAttribute(type, new Uint8Array([value]));
const BOND_MAC = [2, 0, 0x5e, 0, 0x53, 1];

export const LOOPBACK: FakeLink = {
  index: 1,
  name: "lo",
  hardwareType: 772,
  flags: 0x49,
  operState: 0,
  mac: [0, 0, 0, 0, 0, 0],
  addresses: [{ bytes: [127, 0, 0, 1], prefixLength: 8 }],
};

export const ENO1: FakeLink = {
  index: 2,
  name: "eno1",
  alias: "rack 3, port 17",
  mac: BOND_MAC,
  master: 4,
  bondMember: [byte(1, 0), byte(2, 0), byte(7, 0x3d), makeAttribute(8, new Uint8Array([0x3f, 0]))],
  stats: { rx_packets: 4000, rx_bytes: 5_000_000, multicast: 300, tx_packets: 5000, tx_bytes: 6_000_000 },
};

export const ENO2: FakeLink = {
  index: 3,
  name: "eno2",
  mac: BOND_MAC,
  master: 4,
  flags: 0x1,
  operState: 2,
  bondMember: [byte(1, 0), byte(2, 2)],
};

export const BOND0: FakeLink = {
  index: 4,
  name: "bond0",
  kind: "bond",
  mac: BOND_MAC,
  data: [byte(1, 4), byte(21, 1)],
};

export const VLAN100: FakeLink = {
  index: 5,
  name: "bond0.100",
  kind: "vlan",
  mac: BOND_MAC,
  link: 4,
  master: 6,
  data: [makeAttribute(1, new Uint8Array([100, 0]))],
};

export const BR100: FakeLink = {
  index: 6,
  name: "br100",
  kind: "bridge",
  addresses: [
    { bytes: [192, 0, 2, 7], prefixLength: 24 },
    { bytes: [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7], prefixLength: 64 },
  ],
};

export const VETH: FakeLink = { index: 7, name: "veth1a2b3c", kind: "veth", link: 2, linkNamespace: 0, master: 6 };
export const VNET0: FakeLink = { index: 8, name: "vnet0", kind: "tun", operState: 0, master: 6 };

export const LINKS = [LOOPBACK, ENO1, ENO2, BOND0, VLAN100, BR100, VETH, VNET0];
