// Which interfaces the demonstration samples, and how densely: so that a quiet host shows every packet and a busy one
// stays readable.

import type { Host } from "../../host/host.ts";

export interface SampledInterface {
  readonly name: string;
  /** 1-in-N. */
  readonly sampling: number;
}

const IFF_UP = 1;
/** Names that the configuration can spell without quotes. */
const PLAIN_NAME = /^[\w.@:-]+$/;
const FOLDER = "/sys/class/net";

/** All that are up, but for the ports of a bridge or bond: what they carry is seen on their master. */
export function interfacesToSample({ files }: Pick<Host, "files">): string[] {
  return files.list(FOLDER).filter((name) => {
    const flags = Number(files.read(`${FOLDER}/${name}/flags`) ?? 0);
    return (flags & IFF_UP) !== 0 && !files.exists(`${FOLDER}/${name}/master`) && PLAIN_NAME.test(name);
  });
}

/** Packets either way since the interface was made. */
export function packetsSoFar({ files }: Pick<Host, "files">, name: string): number {
  const read = (counter: string) => Number(files.read(`${FOLDER}/${name}/statistics/${counter}_packets`) ?? 0);
  return read("rx") + read("tx");
}

/** About so many samples a second, for the load there is at the start. */
const SAMPLES_PER_SECOND = 20;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

/** A round number: every packet up to 20 a second, at most 1-in-1000. */
export const samplingFor = (packetsPerSecond: number): number =>
  STEPS.find((step) => packetsPerSecond / step <= SAMPLES_PER_SECOND) ?? 1000;
