// Elects the agent address again whenever interfaces or default routes change, and tells who sends under it.
// hsflowd.conf: agentIP, agent, agent.cidr.

import { parseAddress } from "../config/address.ts";
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

export interface AgentAddress {
  readonly bytes: Uint8Array;
  /** Undefined where the file gives the address itself. */
  readonly device: string | undefined;
}

/** Addresses come and go in bursts: what is left when they have settled is elected. */
const SETTLE_MS = 100;
const RESOLVE_MS = 5000;

/** What the file and the routes say of the candidates. */
export const preferenceOf = (sockets: Host["sockets"], config: SflowConfig): Preference => ({
  device: config.agent,
  cidrs: config["agent.cidr"],
  defaultRoutes: defaultRoutes(sockets),
});

const rank = (host: Host, config: SflowConfig, interfaces: Interfaces): readonly Candidate[] =>
  rankAgentAddresses(interfaces.all(), preferenceOf(host.sockets, config));

const same = (a: AgentAddress | undefined, b: AgentAddress | undefined): boolean =>
  a?.device === b?.device && Buffer.compare(a?.bytes ?? new Uint8Array(0), b?.bytes ?? new Uint8Array(0)) === 0;

export interface Election {
  readonly elected: AgentAddress | undefined;
  stop(): void;
}

/** What the file gives, by a name if need be; undefined where an address is elected. Rejects for a name without one. */
export async function givenAddress(
  host: Pick<Host, "resolve" | "clock">,
  { agentIP }: Pick<SflowConfig, "agentIP">,
): Promise<AgentAddress | undefined> {
  if (agentIP === undefined) return undefined;
  const bytes = parseAddress(agentIP) ?? parseAddress((await addressesOf(host, agentIP))[0] ?? "");
  if (bytes === undefined) throw new Error(`agentIP: ${agentIP} has no address`);
  return { bytes, device: undefined };
}

/** A resolver may wait for silent servers longer than anybody waits for a reload. */
function addressesOf({ resolve, clock }: Pick<Host, "resolve" | "clock">, name: string): Promise<readonly string[]> {
  return new Promise((resolved, reject) => {
    const late = (): void => reject(new Error(`agentIP: ${name} is not resolved within ${RESOLVE_MS / 1000} s`));
    const timer = clock.after(RESOLVE_MS, late);
    const end = (addresses: readonly string[]): void => {
      timer.cancel();
      resolved(addresses);
    };
    resolve(name).then(end, () => end([]));
  });
}

/** `given` is taken as it is, whether or not this host has it. */
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
  const state = { ranked: rank(host, config, interfaces), settling: false, stopped: false };
  const say = (): void => {
    const elected = electedOf(state.ranked);
    if (elected === undefined) log.error("agent address: no usable address on any interface, so nothing is sent");
    else log.info(`agent address ${showAddress(elected.bytes)} of ${elected.device}`);
    const inVain = namedInVain(state.ranked, config.agent);
    if (inVain !== undefined) log.warn(inVain);
    onElected(elected);
  };
  const again = (): void => {
    state.settling = false;
    if (state.stopped) return;
    const ranked = rank(host, config, interfaces);
    if (same(electedOf(ranked), electedOf(state.ranked))) return;
    state.ranked = ranked;
    say();
  };
  const soon = (): void => {
    if (state.settling) return;
    state.settling = true;
    host.clock.after(SETTLE_MS, again);
  };
  say();
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
