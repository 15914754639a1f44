// Gathers the facts for `explain` and `doctor`: the configuration, the interfaces, and the status of the running agent.

import type { Where } from "../cli/parse-arguments.ts";
import type { Problem } from "../config/error.ts";
import type { Outcome } from "../control/client.ts";
import type { Host } from "../host/host.ts";
import { type InterfaceTable, makeInterfaces } from "../interfaces/table.ts";
import type { Logger } from "../log/logger.ts";
import { modules } from "../modules/index.ts";
import type { ProbeReport, ProbeView } from "../modules/module.ts";
import type { Status } from "../report/agent-status.ts";
import type { TapReport, TapState } from "../report/report.ts";
import { codeOf } from "../run/code.ts";
import { type Configuration, readConfiguration } from "../run/configuration.ts";
import { layOver } from "../run/overlay.ts";
import { makeSettings } from "../settings/settings.ts";
import { askAgent } from "./ask-agent.ts";

/** The facts about the configuration, the host and the running agent. */
export interface Survey {
  readonly file: string;
  /** Undefined if the file cannot be read. */
  readonly text: string | undefined;
  /** The file, with settings applied on top that the running agent discovered; undefined if the file has errors. */
  readonly configuration: Configuration | undefined;
  readonly problems: readonly Problem[];
  readonly interfaces: InterfaceTable;
  readonly agent: Outcome<Status>;
  /** The interfaces to sample according to the file, even without an agent; undefined if no block samples packets. */
  readonly intended: readonly TapReport[] | undefined;
  /** The interfaces of the running agent; undefined if no agent answers, or if none of its blocks samples packets. */
  readonly actual: readonly TapReport[] | undefined;
}

/**
 * Returns why nobody can say here what the running agent does; undefined if it answers, or if none runs. Without this,
 * the commands would draw conclusions from the file alone.
 */
export function cannotTell({ agent }: Pick<Survey, "agent">): string | undefined {
  if (agent.kind === "answer" || agent.kind === "absent" || agent.kind === "dead") return undefined;
  return agent.kind === "forbidden" ? `cannot tell, ${agent.remedy}` : `cannot tell, ${agent.message}`;
}

const DEFAULT_FILE = "/etc/hsflowd.conf";

const quiet = (): void => undefined;
/** A log that discards all messages, because the commands print their own findings. */
const SILENT: Logger = { error: quiet, warn: quiet, info: quiet, debug: quiet, child: () => SILENT };

/** Gathers the facts. The caller must call `interfaces.stop()`; until then, the table of interfaces stays current. */
export async function survey(host: Host, { configFile, controlSocket }: Where): Promise<Survey> {
  const agent = await askAgent(controlSocket, "status");
  const file = configFile ?? (agent.kind === "answer" ? agent.value.configFile : DEFAULT_FILE);
  const text = host.files.read(file);
  const found = agent.kind === "answer" ? agent.value.found : {};
  const read = text === undefined ? { configuration: undefined, problems: [] } : readConfiguration(text, modules);
  const configuration = read.configuration && layOver(read.configuration, found);
  const interfaces = makeInterfaces(host, SILENT);
  interfaces.start();
  const intended = configuration && (await intendedTaps(configuration, interfaces));
  const actual = actualTaps(agent);
  return { file, text, configuration, problems: read.problems, interfaces, agent, intended, actual };
}

/** An all-zero UUID. Settings need one, but `intendedTaps` uses only their sampling rates. */
const NO_UUID = new Uint8Array(16);

/** States of a tap in order of preference, from sampled to not matched by any pattern. */
const STATES: readonly TapState[] = ["sampled", "failing", "off", "down", "missing", "unmatched"];

/**
 * Keeps one tap per interface. If several blocks report the interface, keeps the tap whose state is first in STATES.
 */
function mergeTaps(taps: readonly TapReport[]): readonly TapReport[] {
  const best = new Map<string, TapReport>();
  for (const tap of taps) {
    const other = best.get(tap.interface);
    if (other === undefined || STATES.indexOf(tap.state) < STATES.indexOf(other.state)) best.set(tap.interface, tap);
  }
  return [...best.values()];
}

/** Returns the taps of every block of the file; undefined if no block samples packets. */
async function intendedTaps(
  configuration: Configuration,
  interfaces: InterfaceTable,
): Promise<readonly TapReport[] | undefined> {
  const settings = makeSettings(configuration.sflow, NO_UUID, configuration.origins);
  const lists = (await codeOf(configuration, ({ toSample }) => toSample !== undefined)).map(({ code, given }) =>
    code.taps?.(given, { interfaces, settings }),
  );
  const taps = lists.filter((list) => list !== undefined);
  return taps.length === 0 ? undefined : mergeTaps(taps.flat());
}

/** Returns the taps of the running agent; undefined if none of its blocks samples packets. */
function actualTaps(agent: Outcome<Status>): readonly TapReport[] | undefined {
  if (agent.kind !== "answer") return undefined;
  const lists = agent.value.modules.flatMap(({ report }) => (report.taps === undefined ? [] : [report.taps]));
  return lists.length === 0 ? undefined : mergeTaps(lists.flat());
}

/** Probes the peers of every block of the file, such as collectors. */
export async function probeAll(configuration: Configuration, view: ProbeView): Promise<readonly ProbeReport[]> {
  const reports = (await codeOf(configuration, ({ withCollectors }) => withCollectors !== undefined)).map(
    ({ code, given }) => code.probe?.(given, view) ?? [],
  );
  return (await Promise.all(reports)).flat();
}
