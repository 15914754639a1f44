// A change of one setting, and the evidence that it is in force.

import type { Status } from "../../agent/report/agent-status.ts";
import type { Datagram } from "./walk.ts";

/** The status of the agent after a reload. */
export interface Seen {
  readonly status: Status;
  /** The datagrams received since then, for a row that sets `wire`. */
  readonly datagrams: readonly Datagram[];
  /** The text of hsflowd.auto. */
  readonly auto: string;
  /**
   * `packet eth0`, `netlink 0`, `tcp 9536`: the agent's sockets, and the kinds that were opened or closed by the
   * reload.
   */
  readonly sockets: readonly string[];
  readonly changed: readonly string[];
}

export interface Row {
  /** Settings in the file before and after, in addition to the rest. */
  readonly from: string;
  readonly to: string;
  /** True of the second only. Undefined where it has no visible effect: by design, or without another program. */
  readonly is?: (seen: Seen) => boolean;
  /** Whether `is` holds after the change back as well. */
  readonly eitherWay?: true;
  /** `is` reads datagrams: some with samples must have arrived. */
  readonly wire?: true;
  /** Sockets that may be replaced; without it every socket must stay. */
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
/** A block that is present before and after. */
export const inside = (keyword: string, before: string, after: string): Pick<Row, "from" | "to"> => ({
  from: `${OWN} ${keyword} { ${before} }`,
  to: `${OWN} ${keyword} { ${after} }`,
});
export const alone = (to: string): Pick<Row, "from" | "to"> => ({ from: OWN, to: `${OWN} ${to}` });

/** Another rate may need another ring, and with it another socket. */
export const LO = /^packet lo$/;
export const ETH1 = /^packet eth1$/;
/** A collector that has not sent yet is not listed. */
export const UDP = /^(udp|another)$/;
export const ELECTION = /^netlink 0$/;

export const lo = (more: string) => inside("pcap", "dev = lo", `dev = lo ${more}`);
