// Chooses the interfaces of the demo and their sampling rates: every packet on a quiet host, fewer on a busy one.

import { nearestWord } from "../../config/nearest.ts";
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

const LOOPBACK = "lo";
/** Most interfaces beside the loopback. The lines about more would not fit a terminal. */
const MOST_INTERFACES = 8;

const isUp = ({ files }: Pick<Host, "files">, name: string): boolean =>
  (Number(files.read(`${FOLDER}/${name}/flags`) ?? 0) & IFF_UP) !== 0;

/**
 * Returns the interfaces that are up and carry packets, the busiest first, then the loopback. Leaves out ports of a
 * bridge or bond, because their packets pass the master too.
 */
export function busyInterfaces(host: Pick<Host, "files">): string[] {
  const { files } = host;
  const up = files.list(FOLDER).filter((name) => isUp(host, name) && PLAIN_NAME.test(name));
  const busy = up
    .filter((name) => name !== LOOPBACK && !files.exists(`${FOLDER}/${name}/master`))
    .map((name) => ({ name, packets: packetsSoFar(host, name) }))
    .filter(({ packets }) => packets > 0)
    .sort((a, b) => b.packets - a.packets)
    .slice(0, MOST_INTERFACES);
  return [...busy.map(({ name }) => name), ...up.filter((name) => name === LOOPBACK)];
}

/** Returns why the interface cannot be sampled; undefined if it can. */
export function whyNotSampled(host: Pick<Host, "files">, name: string): string | undefined {
  const names = host.files.list(FOLDER);
  if (names.includes(name)) return isUp(host, name) ? undefined : `${name} is down: run ip link set ${name} up`;
  const nearest = nearestWord(name, names);
  return `there is no interface ${name}${nearest === undefined ? "" : `; did you mean ${nearest}?`}`;
}

/** Returns the ifIndex; 0 if the interface has vanished. */
export const indexOf = ({ files }: Pick<Host, "files">, name: string): number =>
  Number(files.read(`${FOLDER}/${name}/ifindex`) ?? 0);

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
