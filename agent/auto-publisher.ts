// Keeps hsflowd.auto equal to the settings in force: a new revision whenever anything in it changes.

import { type AutoCollector, type AutoSettings, autoFile } from "./auto-file.ts";
import type { AgentAddress } from "./election.ts";
import type { Host } from "./host/host.ts";
import type { Logger } from "./log/logger.ts";
import { applications } from "./settings.ts";
import { showAddress } from "./sflow/address.ts";
import type { SflowConfig } from "./sflow-block.ts";

/** Names resolve, addresses move and hosts are renamed without notice to anybody: a look a second finds all of it. */
const LOOK_MS = 1000;

export interface AutoSources {
  config(): SflowConfig;
  address(): AgentAddress | undefined;
  collectors(): readonly AutoCollector[];
}

function settingsOf(sources: AutoSources, hostname: string): AutoSettings | undefined {
  const config = sources.config();
  const elected = sources.address();
  if (elected === undefined) return undefined;
  return {
    hostname,
    sampling: config.sampling,
    headerBytes: config.headerBytes,
    datagramBytes: config.datagramBytes,
    polling: config.polling,
    applications: applications(config),
    agentIP: config.agentIP,
    agent: config.agent,
    collectors: sources.collectors(),
    electedAddress: showAddress(elected.bytes),
    electedDevice: elected.device,
    jsonPort: config.jsonPort,
  };
}

export interface AutoPublisher {
  /** Looks now, without waiting for the next second. */
  look(): void;
  stop(): void;
}

/** A file that cannot be written is said once: sub-agents miss it, samples do not. */
export function publishAutoFile(host: Host, path: string, sources: AutoSources, log: Logger): AutoPublisher {
  const state = { revision: 0, body: "", complained: false };
  const look = (): void => {
    const settings = settingsOf(sources, host.uname().name);
    const body = autoFile(0, settings);
    if (body === state.body) return;
    state.body = body;
    state.revision++;
    try {
      host.files.write(path, autoFile(state.revision, settings));
    } catch (error) {
      if (!state.complained) log.warn(`${path} is not written: ${(error as Error).message}`);
      state.complained = true;
    }
  };
  look();
  const timer = host.clock.every(LOOK_MS, look);
  return { look, stop: () => timer.cancel() };
}
