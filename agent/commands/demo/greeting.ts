// The first lines and the last one.

import type { SampledInterface } from "./interfaces.ts";

/** `packets`: the interfaces sampled, or the file that is played. `obstacle`: why there are none. */
export function greeting(
  packets: readonly SampledInterface[] | string,
  polling: number,
  obstacle: string | undefined,
): string[] {
  const from = typeof packets === "string" ? packets : density(packets);
  return [
    "This host as a collector sees it: sFlow datagrams, sent to a collector in this process and decoded. Ctrl-C ends.",
    `Counters every ${polling} s. ${obstacle === undefined ? `Packets: ${from}.` : `No packets: ${obstacle}.`}`,
    "",
  ];
}

function density(interfaces: readonly SampledInterface[]): string {
  const dense = interfaces.filter(({ sampling }) => sampling === 1).map(({ name }) => name);
  const thin = interfaces.filter(({ sampling }) => sampling > 1);
  const parts = [
    ...(dense.length > 0 ? [`every packet of ${dense.join(", ")}`] : []),
    ...thin.map(({ name, sampling }) => `1 in ${sampling} of ${name}`),
  ];
  return parts.join("; ") || "no interface is up";
}

export interface Summary {
  datagrams: number;
  samples: number;
}

export const summaryLine = ({ datagrams, samples }: Summary): string =>
  `\n${datagrams} datagrams with ${samples} samples. For a real collector: sflow { collector { ip = ADDRESS } } in /etc/hsflowd.conf`;
