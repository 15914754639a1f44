// Whose a process is and what it may do. /proc/PID/status, proc_pid_status(5); capabilities(7), linux/capability.h.

/** The bit of each capability that the agent has to do with. */
export const CAPABILITIES = {
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_NET_ADMIN: 12,
  CAP_NET_RAW: 13,
  CAP_SYS_PTRACE: 19,
  CAP_SYS_ADMIN: 21,
} as const;

export type Capability = keyof typeof CAPABILITIES;

export interface ProcessStatus {
  /** The effective one. */
  readonly uid: number;
  readonly groups: readonly number[];
  /** A bit each. */
  readonly permitted: bigint;
}

/** Undefined where the text is none of a process. */
export function parseStatus(text: string): ProcessStatus | undefined {
  const uid = /^Uid:\t\d+\t(\d+)/m.exec(text)?.[1];
  const permitted = /^CapPrm:\t([0-9a-f]+)$/m.exec(text)?.[1];
  if (uid === undefined || permitted === undefined) return undefined;
  const groups = /^Groups:\t(.*)$/m.exec(text)?.[1]?.match(/\d+/g) ?? [];
  return { uid: Number(uid), groups: groups.map(Number), permitted: BigInt(`0x${permitted}`) };
}

export const bitOf = (capability: Capability): bigint => 1n << BigInt(CAPABILITIES[capability]);
