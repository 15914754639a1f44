// What the engine says, reduced to what is used and checked field by field: an engine may send half an answer. Docker
// Engine API, "system events", "containers".

/** A lifecycle event of a container, or of a network that a container joins or leaves. */
export interface LifecycleEvent {
  /** As the engine has it; "network connect" and "network disconnect" for those. */
  readonly action: string;
  readonly id: string;
  /** Container name as of this event, where it says one. */
  readonly name: string | undefined;
  /** Seconds of the UNIX epoch, to the microsecond. */
  readonly time: number | undefined;
  readonly exitCode: number | undefined;
}

export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  /** 0 where none runs. */
  readonly pid: number;
  readonly state: string;
  /** Processors that the container may use, where it was given a number: `--cpus`. */
  readonly cpus: number | undefined;
  /** Seconds of the UNIX epoch; undefined where it never began. */
  readonly startedAt: number | undefined;
}

export interface ListedContainer {
  readonly id: string;
  readonly name: string | undefined;
  readonly state: string;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const object = (value: unknown): Json => (isObject(value) ? value : {});
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const number = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

/** Container ids are 64 hex digits; Podman's are too. Anything else names no cgroup and no UUID. */
const isContainerId = (id: string | undefined): id is string => id !== undefined && /^[0-9a-f]{64}$/.test(id);

const plainName = (name: string | undefined): string | undefined => name?.replace(/^\//, "");

function eventTime(event: Json): number | undefined {
  const nanoseconds = number(event["timeNano"]);
  return nanoseconds === undefined ? number(event["time"]) : Math.floor(nanoseconds / 1e3) / 1e6;
}

/** An engine writes the year 1 for what never was. */
function momentOf(value: unknown): number | undefined {
  const seconds = Date.parse(text(value) ?? "") / 1000;
  return seconds > 0 ? seconds : undefined;
}

/**
 * Undefined for what is no event of a container. `exec_create: sh` and the like keep their first word. An event of a
 * network has the container among its attributes; Podman's has it in place of the network.
 */
export function readEvent(json: unknown): LifecycleEvent | undefined {
  const event = object(json);
  const actor = object(event["Actor"]);
  const attributes = object(actor["Attributes"]);
  const ofNetwork = event["Type"] === "network";
  const id = text((ofNetwork ? attributes["container"] : undefined) ?? actor["ID"] ?? event["id"]);
  const action = text(event["Action"] ?? event["status"])?.split(":")[0];
  if (!isContainerId(id) || action === undefined) return undefined;
  const exitCode = Number.parseInt(text(attributes["exitCode"]) ?? "", 10);
  return {
    action: ofNetwork ? `network ${action}` : action,
    id,
    name: ofNetwork ? undefined : plainName(text(attributes["name"])),
    time: eventTime(event),
    exitCode: Number.isNaN(exitCode) ? undefined : exitCode,
  };
}

/** Undefined where the answer names no container. */
export function readFacts(json: unknown): ContainerFacts | undefined {
  const answer = object(json);
  const state = object(answer["State"]);
  const id = text(answer["Id"]);
  const name = plainName(text(answer["Name"]));
  if (!isContainerId(id) || name === undefined) return undefined;
  const nanoCpus = number(object(answer["HostConfig"])["NanoCpus"]) ?? 0;
  return {
    id,
    name,
    hostname: text(object(answer["Config"])["Hostname"]) ?? name,
    pid: number(state["Pid"]) ?? 0,
    state: text(state["Status"]) ?? (state["Running"] === true ? "running" : "unknown"),
    cpus: nanoCpus > 0 ? Math.ceil(nanoCpus / 1e9) : undefined,
    startedAt: momentOf(state["StartedAt"]),
  };
}

/** Undefined where the answer is no list; entries that name no container are passed to `onBad`. */
export function readList(json: unknown, onBad: (entry: string) => void): readonly ListedContainer[] | undefined {
  if (!Array.isArray(json)) return undefined;
  return json.map(object).flatMap((entry) => {
    const id = text(entry["Id"]);
    const names = Array.isArray(entry["Names"]) ? entry["Names"] : [];
    if (isContainerId(id)) return [{ id, name: plainName(text(names[0])), state: text(entry["State"]) ?? "running" }];
    onBad(JSON.stringify(entry));
    return [];
  });
}

/**
 * Splits a stream of JSON documents, one a line, whatever the chunks. A line longer than `limit` characters is dropped.
 */
export function makeLineSplitter(
  onLine: (line: string) => void,
  onBad: (line: string) => void,
  limit = 1 << 20,
): (chunk: string) => void {
  let rest = "";
  let skipping = false;
  return (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!skipping && line.trim() !== "") onLine(line);
      skipping = false;
    }
    if (rest.length <= limit) return;
    if (!skipping) onBad(rest);
    skipping = true;
    rest = "";
  };
}
