// What explain and doctor look at: the configuration, the interfaces, and what the running agent says of itself.

import type { Where } from "../cli/parse-arguments.ts";
import type { Problem } from "../config/error.ts";
import { ask, type Outcome } from "../control/client.ts";
import type { Host } from "../host/host.ts";
import { type InterfaceTable, makeInterfaces } from "../interfaces/table.ts";
import type { Logger } from "../log/logger.ts";
import { modules } from "../modules/index.ts";
import { pcap } from "../modules/pcap/config.ts";
import { reportTaps } from "../modules/pcap/report.ts";
import type { Status } from "../report/agent-status.ts";
import type { TapReport } from "../report/report.ts";
import { blocksOf, type Configuration, readConfiguration } from "../run/configuration.ts";
import { layOver } from "../run/overlay.ts";
import { makeSettings } from "../settings/settings.ts";

export interface Survey {
  readonly file: string;
  /** Undefined where the file cannot be read. */
  readonly text: string | undefined;
  /** The file, and laid over it what the running agent has found; undefined where the file has errors. */
  readonly configuration: Configuration | undefined;
  readonly problems: readonly Problem[];
  readonly interfaces: InterfaceTable;
  readonly agent: Outcome<Status>;
}

const USUAL_FILE = "/etc/hsflowd.conf";

const quiet = (): void => undefined;
/** Those who look say what they find themselves. */
const SILENT: Logger = { error: quiet, warn: quiet, info: quiet, debug: quiet, child: () => SILENT };

/** The interfaces are followed until `interfaces.stop()`. */
export async function survey(host: Host, { configFile, controlSocket }: Where): Promise<Survey> {
  const agent = await ask(controlSocket, "status");
  const file = configFile ?? (agent.kind === "answer" ? agent.value.configFile : USUAL_FILE);
  const text = host.files.read(file);
  const found = agent.kind === "answer" ? agent.value.found : {};
  const { configuration, problems } =
    text === undefined ? { configuration: undefined, problems: [] } : readConfiguration(text, modules);
  const interfaces = makeInterfaces(host, SILENT);
  interfaces.start();
  return { file, text, configuration: configuration && layOver(configuration, found), problems, interfaces, agent };
}

/** Of no use for anything but rates. */
const NO_UUID = new Uint8Array(16);

/** What pcap { } of the file makes of the interfaces, whether or not an agent runs; undefined where there is none. */
export function intendedTaps({ configuration, interfaces }: Survey): readonly TapReport[] | undefined {
  if (configuration === undefined) return undefined;
  const blocks = blocksOf(configuration, pcap);
  if (blocks.length === 0) return undefined;
  const nothing = (): undefined => undefined;
  const settings = makeSettings(configuration.sflow, NO_UUID, configuration.origins);
  return reportTaps(blocks, { interfaces, settings }, { tap: nothing, said: nothing, engine: () => "" });
}

/** What the running agent makes of them; undefined where it has no pcap { }, or cannot be asked. */
export function actualTaps({ agent }: Survey): readonly TapReport[] | undefined {
  if (agent.kind !== "answer") return undefined;
  const lists = agent.value.modules.flatMap(({ report }) => (report.taps === undefined ? [] : [report.taps]));
  return lists.length === 0 ? undefined : lists.flat();
}
