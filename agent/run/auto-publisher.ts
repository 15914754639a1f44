// Keeps hsflowd.auto equal to the settings in force: a new revision whenever anything in it changes.

import type { Host } from "../host/host.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { applications } from "../settings/settings.ts";
import type { SflowConfig } from "../settings/sflow-block.ts";
import { showAddress } from "../sflow/address.ts";
import { type AutoCollector, type AutoSettings, autoFile } from "./auto-file.ts";
import type { AgentAddress } from "./election.ts";

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
  const address = showAddress(elected.bytes);
  return {
    hostname,
    sampling: config.sampling,
    headerBytes: config.headerBytes,
    datagramBytes: config.datagramBytes,
    polling: config.polling,
    applications: applications(config),
    agentIP: config.agentIP && address,
    agent: config.agent,
    collectors: sources.collectors(),
    electedAddress: address,
    electedDevice: elected.device,
    jsonPort: config.jsonPort,
  };
}

export interface AutoPublisher {
  /** Looks now, without waiting for the next second. */
  look(): void;
  stop(): void;
}

/**
 * A file that cannot be written is said once, and tried again at each look: sub-agents miss it, samples do not. A
 * revision is a change, however long it takes to be written.
 */
export function publishAutoFile(host: Host, path: string, sources: AutoSources, log: Logger): AutoPublisher {
  const state = { revision: 0, body: "", written: 0, failing: false };
  const look = (): void => {
    const settings = settingsOf(sources, host.uname().name);
    const body = autoFile(0, settings);
    if (body !== state.body) Object.assign(state, { body, revision: state.revision + 1 });
    if (state.written === state.revision) return;
    try {
      host.files.write(path, autoFile(state.revision, settings));
      if (state.failing) log.info(`${path} is written again`);
      Object.assign(state, { written: state.revision, failing: false });
    } catch (error) {
      if (!state.failing)
        log.warn(`${path} is not written, and tried again; -o puts it elsewhere: ${messageOf(error)}`);
      state.failing = true;
    }
  };
  look();
  const timer = host.clock.every(LOOK_MS, look);
  return { look, stop: () => timer.cancel() };
}
