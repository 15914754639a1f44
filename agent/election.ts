// Elects the agent address again whenever the interfaces change, and tells who sends under it. hsflowd.conf: agentIP,
// agent, agent.cidr.

import { parseAddress } from "./config/address.ts";
import type { Files, Host } from "./host/host.ts";
import type { Interfaces } from "./interfaces/adaptor.ts";
import { electAgentAddress, type Preference } from "./interfaces/agent-address.ts";
import type { Logger } from "./log/logger.ts";
import { parseDefaultRoutes, parseDefaultRoutes6 } from "./proc/net-route.ts";
import { showAddress } from "./sflow/address.ts";
import type { SflowConfig } from "./sflow-block.ts";

export interface AgentAddress {
  readonly bytes: Uint8Array;
  /** Undefined where the file gives the address itself. */
  readonly device: string | undefined;
}

/** Addresses come and go in bursts: what is left when they have settled is elected. */
const SETTLE_MS = 100;

function defaultRoutes(files: Files): readonly string[] {
  const v4 = parseDefaultRoutes(files.read("/proc/net/route") ?? "");
  return [...v4, ...parseDefaultRoutes6(files.read("/proc/net/ipv6_route") ?? "")];
}

/** What the file and the routes say of the candidates. */
export const preferenceOf = (files: Files, config: SflowConfig): Preference => ({
  device: config.agent,
  cidrs: config["agent.cidr"],
  defaultRoutes: defaultRoutes(files),
});

const elect = (host: Host, config: SflowConfig, interfaces: Interfaces): AgentAddress | undefined =>
  electAgentAddress(interfaces.all(), preferenceOf(host.files, config));

const same = (a: AgentAddress | undefined, b: AgentAddress | undefined): boolean =>
  a?.device === b?.device && Buffer.compare(a?.bytes ?? new Uint8Array(0), b?.bytes ?? new Uint8Array(0)) === 0;

export interface Election {
  readonly elected: AgentAddress | undefined;
  stop(): void;
}

/** An address in the file is taken as it is, whether or not this host has it; a name is resolved first. */
export async function holdElection(
  host: Host,
  config: SflowConfig,
  interfaces: Interfaces,
  log: Logger,
  onElected: (address: AgentAddress | undefined) => void,
): Promise<Election> {
  if (config.agentIP !== undefined) {
    const bytes = parseAddress(config.agentIP) ?? parseAddress((await host.resolve(config.agentIP))[0] ?? "");
    if (bytes === undefined) throw new Error(`agentIP: ${config.agentIP} has no address`);
    const elected = { bytes, device: undefined };
    onElected(elected);
    return { elected, stop: () => undefined };
  }
  return electOnChange(host, config, interfaces, log, onElected);
}

function electOnChange(
  host: Host,
  config: SflowConfig,
  interfaces: Interfaces,
  log: Logger,
  onElected: (address: AgentAddress | undefined) => void,
): Election {
  const state = { elected: elect(host, config, interfaces), settling: false };
  const say = (): void => {
    if (state.elected === undefined) log.error("agent address: no usable address on any interface, so nothing is sent");
    else log.info(`agent address ${showAddress(state.elected.bytes)} of ${state.elected.device}`);
    onElected(state.elected);
  };
  const again = (): void => {
    state.settling = false;
    const now = elect(host, config, interfaces);
    if (same(now, state.elected)) return;
    state.elected = now;
    say();
  };
  say();
  const stop = interfaces.onChange(() => {
    if (state.settling) return;
    state.settling = true;
    host.clock.after(SETTLE_MS, again);
  });
  return {
    get elected() {
      return state.elected;
    },
    stop,
  };
}
