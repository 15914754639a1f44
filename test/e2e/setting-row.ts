// A change of one setting, and what shows that it is in force.

import type { Status } from "../../agent/report/agent-status.ts";
import type { Datagram } from "./walk.ts";

/** Of the agent after a reload. */
export interface Seen {
  readonly status: Status;
  /** What its collector has got since then, for a row that asks for it. */
  readonly datagrams: readonly Datagram[];
  /** hsflowd.auto. */
  readonly auto: string;
  /** `packet eth0`, `netlink 0`, `tcp 9536`: those it has, and kinds of those that came or went with the reload. */
  readonly sockets: readonly string[];
  readonly changed: readonly string[];
}

export interface Row {
  /** What the file says beside the rest, before and after. */
  readonly from: string;
  readonly to: string;
  /** True of the second only. Undefined where nothing outside shows it: by design, or without another program. */
  readonly is?: (seen: Seen) => boolean;
  /** True of the way back as well. */
  readonly eitherWay?: true;
  /** `is` looks at datagrams: there must be some with samples. */
  readonly wire?: true;
  /** Sockets that may be others than before; without it all stay. */
  readonly touches?: RegExp;
}

export const PORTS = { stays: 4000, other: 4001 } as const;

export const tap = ({ status }: Seen, name: string) =>
  status.modules.flatMap(({ report }) => report.taps ?? []).find((one) => one.interface === name);
export const block = ({ status }: Seen, keyword: string) => status.modules.find(({ name }) => name === keyword);
export const asks =
  (name: string) =>
  ({ status }: Seen): boolean =>
    status.modules.some(({ report }) => report.questions?.some(({ question }) => question === `SRV ${name}`));
export const OWN = "agentIP = 10.92.1.1";
/** A block that is there before and after. */
export const inside = (keyword: string, before: string, after: string): Pick<Row, "from" | "to"> => ({
  from: `${OWN} ${keyword} { ${before} }`,
  to: `${OWN} ${keyword} { ${after} }`,
});
export const alone = (to: string): Pick<Row, "from" | "to"> => ({ from: OWN, to: `${OWN} ${to}` });

/** Another rate may take another ring, and with it another socket. */
export const LO = /^packet lo$/;
export const ETH1 = /^packet eth1$/;
/** One that has not sent yet is in no list. */
export const UDP = /^(udp|another)$/;
export const ELECTION = /^netlink 0$/;

export const lo = (more: string) => inside("pcap", "dev = lo", `dev = lo ${more}`);
