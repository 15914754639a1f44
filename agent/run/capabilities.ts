// The capabilities and sockets that the blocks of a configuration need, as their modules declare them. See
// capabilities(7).

import { type ListedModule, modules } from "../modules/index.ts";
import type { Need, UnixSocket } from "../modules/module.ts";
import type { Capability } from "../proc/status.ts";
import { blocksOf, type Configuration } from "./configuration.ts";

/** A required capability, with the keyword of the block that requires it. */
export interface Named {
  readonly keyword: string;
  readonly need: Need;
}

const namedBy = ({ keyword, needs = [] }: ListedModule): Named[] =>
  needs.map((need) => ({ keyword: keyword ?? "", need }));

/** Tells whether a kernel release of uname(2), such as 6.1.0-13-amd64, is older than a version. */
export function isOlder(release: string, [major, minor]: readonly [number, number]): boolean {
  const [, first = "0", second = "0"] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return Number(first) < major || (Number(first) === major && Number(second) < minor);
}

/** Every capability that a block may require, whatever its options and the kernel, in the order of modules/index.ts. */
export const allNeeds: readonly Named[] = modules.filter(({ load }) => load !== undefined).flatMap(namedBy);

export const capabilitiesOf = (needs: readonly Named[]): Capability[] => [
  ...new Set(needs.map(({ need }) => need.capability)),
];

/** Returns the capabilities that a configuration requires on a kernel. `release` is that of uname(2). */
export function needsOf(configuration: Configuration, release: string): Named[] {
  const isGiven = (module: ListedModule, { option, values }: Need): boolean =>
    blocksOf(configuration, module).some(
      (block) =>
        option === undefined ||
        (values === undefined ? block[option] !== undefined : values.includes(String(block[option]))),
    );
  return modules.flatMap((module) =>
    namedBy(module).filter(
      ({ need }) => isGiven(module, need) && (need.before === undefined || isOlder(release, need.before)),
    ),
  );
}

export interface NamedSocket extends UnixSocket {
  readonly keyword: string;
}

/** Returns the unix sockets that blocks connect to, at the start and again whenever the connection is lost. */
export const socketsOf = (configuration: Configuration): NamedSocket[] =>
  modules.flatMap((module) =>
    blocksOf(configuration, module).flatMap((block) => {
      const socket = module.socketOf?.(block);
      return socket === undefined ? [] : [{ keyword: module.keyword ?? "", ...socket }];
    }),
  );

export interface NamedPort {
  readonly keyword: string;
  readonly port: number;
}

/** Returns the TCP ports that blocks connect to. */
export const portsOf = (configuration: Configuration): NamedPort[] =>
  modules.flatMap((module) =>
    blocksOf(configuration, module).flatMap((block) => {
      const port = module.portOf?.(block);
      return port === undefined ? [] : [{ keyword: module.keyword ?? "", port }];
    }),
  );

/** Returns the files that blocks read outside the folders of the system. */
export const readsOf = (configuration: Configuration): string[] =>
  modules.flatMap((module) => blocksOf(configuration, module).flatMap((block) => module.reads?.(block) ?? []));

/** Returns the rows of the table in agent/README.md and hsflowd(8): block, capability, purpose. */
export const needRows = (): [string, string, string][] =>
  allNeeds.map(({ keyword, need: { capability, purpose, option, values, before, optIn } }) => {
    const given = values === undefined ? "given" : values.join(" or ");
    const condition = option === undefined ? "" : `, where \`${option}\` is ${given}`;
    const kernel = before === undefined ? "" : `, before Linux ${before.join(".")}`;
    const service = optIn === undefined ? "" : "; not in the package's service";
    return [`${keyword} { }`, capability, `${purpose}${condition}${kernel}${service}`];
  });
