// Elects the agent address, and elects it again whenever interfaces or default routes change. The keys agentIP, agent
// and agent.cidr of hsflowd.conf control the election.

import { parseAddress } from "../config/address.ts";
import { sameValues } from "../config/same-values.ts";
import type { Host } from "../host/host.ts";
import type { Interfaces } from "../interfaces/adaptor.ts";
import {
  type Candidate,
  electedOf,
  namedInVain,
  type Preference,
  rankAgentAddresses,
} from "../interfaces/agent-address.ts";
import { defaultRoutes, watchDefaultRoutes } from "../interfaces/default-routes.ts";
import type { Logger } from "../log/logger.ts";
import type { SflowConfig } from "../settings/sflow-block.ts";
import { showAddress } from "../sflow/address.ts";

/** The agent address that is in use. */
export interface AgentAddress {
  readonly bytes: Uint8Array;
  /** Interface that has the address; undefined if the address was set by agentIP. */
  readonly device: string | undefined;
}

/** Addresses change in bursts. The agent waits this long after the first change, then elects once. */
const SETTLE_MS = 100;
/** Longest time to resolve agentIP. */
const RESOLVE_MS = 5000;

/**
 * Returns the interface and prefixes that the configuration prefers, and the default routes: `known` while they cannot
 * be read.
 */
export const preferenceOf = (
  sockets: Host["sockets"],
  config: SflowConfig,
  known: readonly number[] = [],
): Preference => ({
  device: config.agent,
  cidrs: config["agent.cidr"],
  defaultRoutes: defaultRoutes(sockets) ?? known,
});

const KEYS = ["agentIP", "agent", "agent.cidr"] as const;

/** Tells whether the keys for the election have the same values, so that the election need not be repeated. */
export const sameElection = (a: SflowConfig, b: SflowConfig): boolean =>
  KEYS.every((key) => sameValues(a[key], b[key]));

const same = (a: AgentAddress | undefined, b: AgentAddress | undefined): boolean =>
  a?.device === b?.device && Buffer.compare(a?.bytes ?? new Uint8Array(0), b?.bytes ?? new Uint8Array(0)) === 0;

/** A running election. `elected` is the present agent address; undefined if the host has no usable address. */
export interface Election {
  readonly elected: AgentAddress | undefined;
  stop(): void;
}

/**
 * Returns the address set by agentIP, after resolving a host name; undefined without agentIP. Rejects if the name does
 * not resolve.
 */
export async function givenAddress(
  host: Pick<Host, "resolve" | "clock">,
  { agentIP }: Pick<SflowConfig, "agentIP">,
): Promise<AgentAddress | undefined> {
  if (agentIP === undefined) return undefined;
  const bytes = parseAddress(agentIP) ?? parseAddress((await addressesOf(host, agentIP))[0] ?? "");
  if (bytes === undefined) throw new Error(`agentIP: ${agentIP} has no address`);
  return { bytes, device: undefined };
}

/** Rejects after 5 seconds, because a resolver may wait much longer for servers that do not reply. */
function addressesOf({ resolve, clock }: Pick<Host, "resolve" | "clock">, name: string): Promise<readonly string[]> {
  return new Promise((resolved, reject) => {
    const late = (): void => reject(new Error(`agentIP: ${name} was not resolved within ${RESOLVE_MS / 1000} s`));
    const timer = clock.after(RESOLVE_MS, late);
    const end = (addresses: readonly string[]): void => {
      timer.cancel();
      resolved(addresses);
    };
    resolve(name).then(end, () => end([]));
  });
}

/**
 * Elects an address, and calls `onElected` with it now and after each change. If `given` is set, uses that address
 * without an election, even if no interface of this host has it.
 */
export function holdElection(
  host: Host,
  config: SflowConfig,
  given: AgentAddress | undefined,
  interfaces: Interfaces,
  log: Logger,
  onElected: (address: AgentAddress | undefined) => void,
): Election {
  if (given === undefined) return electOnChange(host, config, interfaces, log, onElected);
  onElected(given);
  return { elected: given, stop: () => undefined };
}

function electOnChange(
  host: Host,
  config: SflowConfig,
  interfaces: Interfaces,
  log: Logger,
  onElected: (address: AgentAddress | undefined) => void,
): Election {
  let routes: readonly number[] | undefined;
  const rank = (): readonly Candidate[] => {
    const preference = preferenceOf(host.sockets, config, routes);
    routes = preference.defaultRoutes;
    return rankAgentAddresses(interfaces.all(), preference);
  };
  const state = { ranked: rank(), settling: false, stopped: false };
  const announce = (): void => {
    const elected = electedOf(state.ranked);
    if (elected === undefined)
      log.error("agent address: no interface has a usable address, so nothing is sent; set agentIP in hsflowd.conf");
    else log.info(`agent address ${showAddress(elected.bytes)} of ${elected.device}`);
    const inVain = namedInVain(state.ranked, config.agent);
    if (inVain !== undefined) log.warn(inVain);
    onElected(elected);
  };
  const again = (): void => {
    state.settling = false;
    if (state.stopped) return;
    const ranked = rank();
    if (same(electedOf(ranked), electedOf(state.ranked))) return;
    state.ranked = ranked;
    announce();
  };
  const soon = (): void => {
    if (state.settling) return;
    state.settling = true;
    host.clock.after(SETTLE_MS, again);
  };
  announce();
  const ends = [interfaces.onChange(soon), watchDefaultRoutes(host.sockets, soon)];
  return {
    get elected() {
      return electedOf(state.ranked);
    },
    stop() {
      state.stopped = true;
      for (const end of ends) end();
    },
  };
}
