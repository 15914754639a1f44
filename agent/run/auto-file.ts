// hsflowd.auto: the settings in force as `key=value` lines, which sub-agents and scripts read. The format is hsflowd's,
// line for line.

/** A collector as hsflowd.auto lists it. */
export interface AutoCollector {
  /** The resolved address, never a name. */
  readonly address: string;
  readonly port: number;
  readonly device: string | undefined;
  readonly namespace: string | undefined;
}

/** The settings that hsflowd.auto lists. */
export interface AutoSettings {
  readonly hostname: string;
  readonly sampling: number;
  readonly headerBytes: number;
  readonly datagramBytes: number;
  readonly polling: number;
  /** Rates and intervals by speed or application, in file order: `10G`, `app.web`. */
  readonly applications: readonly AutoApplication[];
  /** `agentIP` and `agent` as configured, a host name as its address. If undefined, the elected values are written. */
  readonly agentIP: string | undefined;
  readonly agent: string | undefined;
  readonly collectors: readonly AutoCollector[];
  readonly electedAddress: string | undefined;
  readonly electedDevice: string | undefined;
  readonly jsonPort: number | undefined;
}

/** The sampling rate and polling interval for a speed or an application. */
export interface AutoApplication {
  readonly name: string;
  readonly sampling: number | undefined;
  readonly polling: number | undefined;
}

const DEFAULT_PORT = 6343;

function collectorLine({ address, port, device, namespace }: AutoCollector): string {
  if (device !== undefined || namespace !== undefined) {
    return `collector=${address}/${port}/${device ?? ""}/${namespace ?? ""}`;
  }
  return port === DEFAULT_PORT ? `collector=${address}` : `collector=${address} ${port}`;
}

function applicationLines({ name, sampling, polling }: AutoApplication): string[] {
  const lines: string[] = [];
  if (sampling !== undefined) lines.push(`sampling.${name}=${sampling}`);
  if (polling !== undefined) lines.push(`polling.${name}=${polling}`);
  return lines;
}

const formatted = new WeakMap<readonly AutoApplication[], string>();

/** Returns the lines in reverse file order, as one text. Formats a list once: the file is compared at intervals. */
function textOf(applications: readonly AutoApplication[]): string[] {
  const text = formatted.get(applications) ?? applications.toReversed().flatMap(applicationLines).join("\n");
  formatted.set(applications, text);
  return text === "" ? [] : [text];
}

const given = (key: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [`${key}=${value}`];

/**
 * Formats the file. `settings` is undefined while the agent may not send: the file then has a revision, but no
 * settings.
 */
export function autoFile(revision: number, settings: AutoSettings | undefined): string {
  const body = settings === undefined ? [] : bodyLines(settings);
  const lines = [
    "# made by hsflowd: edit hsflowd.conf instead",
    `rev_start=${revision}`,
    ...body,
    `rev_end=${revision}`,
  ];
  return `${lines.join("\n")}\n`;
}

function bodyLines(settings: AutoSettings): string[] {
  return [
    `hostname=${settings.hostname}`,
    `sampling=${settings.sampling}`,
    `header=${settings.headerBytes}`,
    `datagram=${settings.datagramBytes}`,
    `polling=${settings.polling}`,
    ...textOf(settings.applications),
    ...given("agentIP", settings.agentIP),
    ...given("agent", settings.agent),
    ...settings.collectors.map(collectorLine).sort(),
    ...(settings.agentIP === undefined ? given("agentIP", settings.electedAddress) : []),
    ...(settings.agent === undefined ? given("agent", settings.electedDevice) : []),
    ...given("jsonPort", settings.jsonPort),
    "ds_index=1",
  ];
}
