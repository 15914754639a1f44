// Gathers the facts for `explain` and `doctor`: the configuration, the interfaces, and the status of the running agent.

import type { Where } from "../cli/parse-arguments.ts";
import type { Problem } from "../config/error.ts";
import { ask, type Outcome } from "../control/client.ts";
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

export interface Survey {
  readonly file: string;
  /** Undefined if the file cannot be read. */
  readonly text: string | undefined;
  /** The file with everything laid over it that the running agent has found; undefined if the file has errors. */
  readonly configuration: Configuration | undefined;
  readonly problems: readonly Problem[];
  readonly interfaces: InterfaceTable;
  readonly agent: Outcome<Status>;
  /** The taps that the file asks for, whether or not an agent runs; undefined if no block samples packets. */
  readonly intended: readonly TapReport[] | undefined;
  /** The taps of the running agent; undefined if none of its blocks samples packets, or if it cannot be asked. */
  readonly actual: readonly TapReport[] | undefined;
}

const DEFAULT_FILE = "/etc/hsflowd.conf";

const quiet = (): void => undefined;
/** A log that drops everything: the commands report what they find themselves. */
const SILENT: Logger = { error: quiet, warn: quiet, info: quiet, debug: quiet, child: () => SILENT };

/** Gathers the facts. The table of interfaces is kept current until `interfaces.stop()`. */
export async function survey(host: Host, { configFile, controlSocket }: Where): Promise<Survey> {
  const agent = await ask(controlSocket, "status");
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

/** Placeholder: only rates are read from these settings. */
const NO_UUID = new Uint8Array(16);

/** States of a tap, from sampling the interface to furthest from it. */
const STATES: readonly TapState[] = ["sampled", "failing", "off", "down", "missing", "unmatched"];

/** Keeps one tap per interface: if several blocks see it, the one that samples it or is closest to that. */
function mergeTaps(taps: readonly TapReport[]): readonly TapReport[] {
  const best = new Map<string, TapReport>();
  for (const tap of taps) {
    const other = best.get(tap.interface);
    if (other === undefined || STATES.indexOf(tap.state) < STATES.indexOf(other.state)) best.set(tap.interface, tap);
  }
  return [...best.values()];
}

/** Asks every block of the file for its taps; undefined if no block samples packets. */
async function intendedTaps(
  configuration: Configuration,
  interfaces: InterfaceTable,
): Promise<readonly TapReport[] | undefined> {
  const settings = makeSettings(configuration.sflow, NO_UUID, configuration.origins);
  const lists = (await codeOf(configuration)).map(({ code, given }) => code.taps?.(given, { interfaces, settings }));
  const taps = lists.filter((list) => list !== undefined);
  return taps.length === 0 ? undefined : mergeTaps(taps.flat());
}

/** Returns the taps of the running agent; undefined if none of its blocks samples packets. */
function actualTaps(agent: Outcome<Status>): readonly TapReport[] | undefined {
  if (agent.kind !== "answer") return undefined;
  const lists = agent.value.modules.flatMap(({ report }) => (report.taps === undefined ? [] : [report.taps]));
  return lists.length === 0 ? undefined : mergeTaps(lists.flat());
}

/** Has every block of the file try its peers. */
export async function probeAll(configuration: Configuration, view: ProbeView): Promise<readonly ProbeReport[]> {
  const reports = (await codeOf(configuration)).map(({ code, given }) => code.probe?.(given, view) ?? []);
  return (await Promise.all(reports)).flat();
}

/** Returns the block that would sample an interface, as a line of the file. */
export const blockToSample = (device: string): string | undefined =>
  modules.find(({ load, toSample }) => load !== undefined && toSample !== undefined)?.toSample?.(device);
