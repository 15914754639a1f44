// Keeps hsflowd.auto up to date: writes a new revision whenever the settings in force change.

import type { Host } from "../host/host.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { applications } from "../settings/settings.ts";
import type { SflowConfig } from "../settings/sflow-block.ts";
import { showAddress } from "../sflow/address.ts";
import { type AutoCollector, type AutoSettings, autoFile } from "./auto-file.ts";
import type { AgentAddress } from "./election.ts";

/**
 * No event reports a change of the host name or of a collector's address, so the agent compares them. Once a
 * second would be a third of all wake-ups of an idle agent.
 */
const CHECK_MS = 10_000;

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

/** The task that keeps hsflowd.auto up to date. */
export interface AutoPublisher {
  /** Checks now, without waiting for the next comparison. */
  check(): void;
  stop(): void;
}

/**
 * Writes hsflowd.auto now and after each change, until stopped. If writing fails, logs that once and retries every
 * ten seconds. Each change raises the revision by one, also while the file cannot be written.
 */
export function publishAutoFile(host: Host, path: string, sources: AutoSources, log: Logger): AutoPublisher {
  const state = { revision: 0, body: "", written: 0, failing: false };
  const check = (): void => {
    const settings = settingsOf(sources, host.uname().name);
    const body = autoFile(0, settings);
    if (body !== state.body) Object.assign(state, { body, revision: state.revision + 1 });
    if (state.written === state.revision) return;
    try {
      host.files.write(path, autoFile(state.revision, settings));
      if (state.failing) log.info(`${path}: can be written again`);
      Object.assign(state, { written: state.revision, failing: false });
    } catch (error) {
      if (!state.failing)
        log.warn(`${path}: cannot write: ${messageOf(error)}; retrying, or choose another file with -o`);
      state.failing = true;
    }
  };
  check();
  const timer = host.clock.every(CHECK_MS, check);
  return { check, stop: () => timer.cancel() };
}
