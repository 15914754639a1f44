// The first lines and the last line of `hsflowd demo`.

import type { SampledInterface } from "./interfaces.ts";

/**
 * Returns the first lines. `packets` is the list of sampled interfaces, or the path of the replayed file. `obstacle` is
 * the reason why no packets are sampled, if there is one.
 */
export function greeting(
  packets: readonly SampledInterface[] | string,
  polling: number,
  obstacle: string | undefined,
): string[] {
  const from = typeof packets === "string" ? packets : density(packets);
  return [
    "This host as a collector sees it: sFlow datagrams, decoded by a collector in this process. Press Ctrl-C to stop.",
    `Counters every ${polling} s. ${obstacle === undefined ? `Packets: ${from}.` : `No packets: ${obstacle}.`}`,
    "",
  ];
}

function density(interfaces: readonly SampledInterface[]): string {
  const dense = interfaces.filter(({ sampling }) => sampling === 1).map(({ name }) => name);
  const sparse = interfaces.filter(({ sampling }) => sampling > 1);
  const parts = [
    ...(dense.length > 0 ? [`every packet of ${dense.join(", ")}`] : []),
    ...sparse.map(({ name, sampling }) => `1 in ${sampling} of ${name}`),
  ];
  return parts.join("; ") || "no interface is up";
}

export interface Summary {
  datagrams: number;
  samples: number;
}

export const summaryLine = ({ datagrams, samples }: Summary): string =>
  `${datagrams} datagrams with ${samples} samples. To send to a collector, put this into /etc/hsflowd.conf: sflow { collector { ip = ADDRESS } }`;
