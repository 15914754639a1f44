// The restrictions of a process, whatever its privileges, and their text for the log and the status.

/** All is absent if nothing is restricted. */
export interface Confinement {
  /** The number of system calls that the process may make (seccomp). */
  readonly systemCalls?: number | undefined;
  /** True if it may read only system files, and write only its own (Landlock). */
  readonly files?: boolean | undefined;
  /** The TCP ports to which it may connect; absent if it may connect to all. */
  readonly ports?: readonly number[] | undefined;
  /** Why something is not restricted. */
  readonly note?: string | undefined;
}

/** Formats what is in force as one sentence, without a subject. */
export function confinementText({ systemCalls: count, files, ports, note }: Confinement): string {
  if (count === undefined) return `not confined: ${note}`;
  const parts = [
    `${count} system calls`,
    ...(files === true ? ["its own files"] : []),
    ...(ports === undefined ? [] : [`TCP ports ${ports.join(", ")}`]),
  ];
  return `confined to ${parts.join(", ")}${note === undefined ? "" : `; ${note}`}`;
}
