// Chooses the interfaces of the demo and their sampling rates: every packet on a quiet host, fewer on a busy one.

import type { Host } from "../../host/host.ts";

export interface SampledInterface {
  readonly name: string;
  /** N of 1-in-N. */
  readonly sampling: number;
}

const IFF_UP = 1;
/** Matches names that need no quotes in the configuration. */
const PLAIN_NAME = /^[\w.@:-]+$/;
const FOLDER = "/sys/class/net";

/**
 * Returns the interfaces that are up. Leaves out ports of a bridge or bond, because their packets pass the master too.
 */
export function interfacesToSample({ files }: Pick<Host, "files">): string[] {
  return files.list(FOLDER).filter((name) => {
    const flags = Number(files.read(`${FOLDER}/${name}/flags`) ?? 0);
    return (flags & IFF_UP) !== 0 && !files.exists(`${FOLDER}/${name}/master`) && PLAIN_NAME.test(name);
  });
}

/** Returns the packets received and sent since the interface was created. */
export function packetsSoFar({ files }: Pick<Host, "files">, name: string): number {
  const read = (counter: string) => Number(files.read(`${FOLDER}/${name}/statistics/${counter}_packets`) ?? 0);
  return read("rx") + read("tx");
}

/** Target number of samples per second, at the packet rate measured at the start. */
const SAMPLES_PER_SECOND = 20;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

/** Returns N of 1-in-N, a round number from 1 to 1000. */
export const samplingFor = (packetsPerSecond: number): number =>
  STEPS.find((step) => packetsPerSecond / step <= SAMPLES_PER_SECOND) ?? 1000;
