// What the blocks of a configuration take beyond what any user may do, as their modules declare it. capabilities(7).

import { type ListedModule, modules } from "../modules/index.ts";
import type { Need, UnixSocket } from "../modules/module.ts";
import type { Capability } from "../proc/status.ts";
import { blocksOf, type Configuration } from "./configuration.ts";

/** A need of a block, with the block that has it. */
export interface Named {
  readonly keyword: string;
  readonly need: Need;
}

const namedBy = ({ keyword, needs = [] }: ListedModule): Named[] =>
  needs.map((need) => ({ keyword: keyword ?? "", need }));

/** `release` as uname(2) has it: 6.1.0-13-amd64. */
export function isOlder(release: string, [major, minor]: readonly [number, number]): boolean {
  const [, first = "0", second = "0"] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return Number(first) < major || (Number(first) === major && Number(second) < minor);
}

/** Every need that a module has in any configuration and on any kernel, in the order of modules/index.ts. */
export const allNeeds: readonly Named[] = modules.filter(({ load }) => load !== undefined).flatMap(namedBy);

export const capabilitiesOf = (needs: readonly Named[]): Capability[] => [
  ...new Set(needs.map(({ need }) => need.capability)),
];

/** The needs of this configuration on this kernel. */
export function needsOf(configuration: Configuration, release: string): Named[] {
  const isGiven = (module: ListedModule, { option }: Need): boolean =>
    blocksOf(configuration, module).some((block) => option === undefined || block[option] !== undefined);
  return modules.flatMap((module) =>
    namedBy(module).filter(
      ({ need }) => isGiven(module, need) && (need.before === undefined || isOlder(release, need.before)),
    ),
  );
}

export interface NamedSocket extends UnixSocket {
  readonly keyword: string;
}

/** Sockets that are connected to again and again. */
export const socketsOf = (configuration: Configuration): NamedSocket[] =>
  modules.flatMap((module) =>
    blocksOf(configuration, module).flatMap((block) => {
      const socket = module.socketOf?.(block);
      return socket === undefined ? [] : [{ keyword: module.keyword ?? "", ...socket }];
    }),
  );

/** Rows of the table in agent/README.md and hsflowd(8): block, capability, what for. */
export const needRows = (): [string, string, string][] =>
  allNeeds.map(({ keyword, need: { capability, purpose, option, before } }) => {
    const condition = option === undefined ? "" : `, where \`${option}\` is given`;
    const kernel = before === undefined ? "" : `, before Linux ${before.join(".")}`;
    return [`${keyword} { }`, capability, `${purpose}${condition}${kernel}`];
  });
