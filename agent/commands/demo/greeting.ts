// The first lines and the last one.

import type { SampledInterface } from "./interfaces.ts";

/** `obstacle`: why no packets are sampled. */
export function greeting(
  interfaces: readonly SampledInterface[],
  polling: number,
  obstacle: string | undefined,
): string[] {
  const dense = interfaces.filter(({ sampling }) => sampling === 1).map(({ name }) => name);
  const thin = interfaces.filter(({ sampling }) => sampling > 1);
  const parts = [
    ...(dense.length > 0 ? [`every packet of ${dense.join(", ")}`] : []),
    ...thin.map(({ name, sampling }) => `1 in ${sampling} of ${name}`),
  ];
  return [
    "This host as a collector sees it: sFlow datagrams, sent to a collector in this process and decoded. Ctrl-C ends.",
    `Counters every ${polling} s. ${obstacle === undefined ? `Packets: ${parts.join("; ") || "none"}.` : `No packets: ${obstacle}.`}`,
    "",
  ];
}

export interface Summary {
  datagrams: number;
  samples: number;
}

export const summaryLine = ({ datagrams, samples }: Summary): string =>
  `\n${datagrams} datagrams with ${samples} samples. For a real collector: sflow { collector { ip = ADDRESS } } in /etc/hsflowd.conf`;
