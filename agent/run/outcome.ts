// Judges a configuration as a whole: whether anything samples packets, and whether anything is sent. Each block says in
// its description what it contributes.

import type { ListedModule } from "../modules/index.ts";
import type { SflowConfig } from "../settings/sflow-block.ts";

/** What a configuration does not do, with the reason, and the way to have it done. */
export interface Lack {
  readonly message: string;
  readonly remedy: string | undefined;
}

/** The values of sflow { } and of its blocks, by keyword. */
export interface Judged {
  readonly sflow: SflowConfig;
  readonly blocks: ReadonlyMap<string, readonly unknown[]>;
}

type Values = Readonly<Record<string, unknown>>;
type Modules = readonly ListedModule[];

/** A module with its blocks in the file. */
interface Given {
  readonly module: ListedModule;
  readonly blocks: readonly Values[];
}

const givenIn = ({ blocks }: Judged, modules: Modules): Given[] =>
  modules.flatMap((module) => {
    const own = blocks.get(module.keyword ?? "");
    return own === undefined ? [] : [{ module, blocks: own as readonly Values[] }];
  });

const notBuilt = ({ keyword }: ListedModule): string => `${keyword} { } is not implemented yet`;

/** Returns the block that would sample an interface, as a line of the file. */
export const blockToSample = (device: string, modules: Modules): string | undefined =>
  modules.find(({ load, toSample }) => load !== undefined && toSample !== undefined)?.toSample?.(device);

/** Returns why no block samples packets; undefined if one does. */
function whyNoSamples({ sflow }: Judged, given: readonly Given[]): string | undefined {
  const samplers = given.filter(({ module }) => module.samplesNothing !== undefined);
  const reasons = samplers.map(({ module, blocks }) => {
    if (module.load === undefined) return notBuilt(module);
    const reason = module.samplesNothing?.(blocks, sflow);
    return reason === undefined ? undefined : `${module.keyword} { }: ${reason}`;
  });
  if (reasons.includes(undefined)) return undefined;
  return reasons.length === 0 ? "no block of the file samples packets" : reasons.join(", ");
}

/** Returns why no datagram reaches a collector; undefined if one may, and if the check already reports an error. */
function whyNoCollector(given: readonly Given[]): string | undefined {
  const bringing = given.filter(({ module }) => module.withCollectors !== undefined || module.findsCollectors);
  const reasons = bringing.flatMap(({ module, blocks }) => {
    if (module.load === undefined) return [notBuilt(module)];
    return blocks.map((block) => module.unreachable?.(block));
  });
  return reasons.length === 0 || reasons.includes(undefined) ? undefined : reasons.join(", ");
}

/** Tells whether the rules of agent.cidr exclude all addresses of a family before one of them includes any. */
function isExcluded({ "agent.cidr": rules }: SflowConfig, bytes: 4 | 16): boolean {
  const own = rules.filter((rule) => rule.bytes.length === bytes);
  const all = own.findIndex(({ exclude, prefixLength }) => exclude && prefixLength === 0);
  return all >= 0 && own.slice(0, all).every(({ exclude }) => exclude);
}

const hasNoAddress = (sflow: SflowConfig): boolean =>
  sflow.agentIP === undefined && isExcluded(sflow, 4) && isExcluded(sflow, 16);

/** Returns why nothing at all is sent; undefined if something may be. */
export function sendsNothing(judged: Judged, modules: Modules): Lack | undefined {
  const given = givenIn(judged, modules);
  const lack = (why: string, remedy: string): Lack => ({ message: `nothing is sent: ${why}`, remedy });
  const collector = whyNoCollector(given);
  if (collector !== undefined) return lack(collector, "add collector { ip = ADDRESS }");
  if (hasNoAddress(judged.sflow)) return lack("agent.cidr excludes every address", "set agentIP = ADDRESS");
  const samples = whyNoSamples(judged, given);
  const workloads = given.some(({ module }) => module.load !== undefined && module.reportsWorkloads);
  if (samples === undefined || judged.sflow.polling > 0 || workloads) return undefined;
  return lack(`polling = 0 turns counters off, and ${samples}`, "set polling = 30");
}

/** Returns why no packets are sampled; undefined if some may be. */
export function samplesNothing(judged: Judged, modules: Modules): Lack | undefined {
  const given = givenIn(judged, modules);
  const why = whyNoSamples(judged, given);
  if (why === undefined) return undefined;
  const hasSampler = given.some(({ module }) => module.load !== undefined && module.samplesNothing !== undefined);
  const remedy = hasSampler ? undefined : `add ${blockToSample("INTERFACE", modules)} to sflow { }`;
  return { message: `only counters are sent, no packet samples: ${why}`, remedy };
}
