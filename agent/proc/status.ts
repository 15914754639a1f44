// Parses the user, groups and capabilities of a process. /proc/PID/status, proc_pid_status(5); capabilities(7),
// linux/capability.h.

/** The bits of the capabilities that the agent uses. */
export const CAPABILITIES = {
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_NET_ADMIN: 12,
  CAP_NET_RAW: 13,
  CAP_SYS_PTRACE: 19,
  CAP_SYS_ADMIN: 21,
  CAP_BPF: 39,
} as const;

export type Capability = keyof typeof CAPABILITIES;

export interface ProcessStatus {
  /** The effective user id. */
  readonly uid: number;
  readonly groups: readonly number[];
  /** Permitted capabilities, one bit each. */
  readonly permitted: bigint;
}

/** Returns undefined if the text is not a status file. */
export function parseStatus(text: string): ProcessStatus | undefined {
  const uid = /^Uid:\t\d+\t(\d+)/m.exec(text)?.[1];
  const permitted = /^CapPrm:\t([0-9a-f]+)$/m.exec(text)?.[1];
  if (uid === undefined || permitted === undefined) return undefined;
  const groups = /^Groups:\t(.*)$/m.exec(text)?.[1]?.match(/\d+/g) ?? [];
  return { uid: Number(uid), groups: groups.map(Number), permitted: BigInt(`0x${permitted}`) };
}

export const bitOf = (capability: Capability): bigint => 1n << BigInt(CAPABILITIES[capability]);
