// Reads the engine's events and answers. Takes only the fields that are used and checks each of them, because an
// answer may be incomplete. See Docker Engine API, "system events", "containers".

import { pick, type Wanted } from "./pick.ts";

/** A lifecycle event of a container, or of a network that a container joins or leaves. */
export interface LifecycleEvent {
  /** Action as Docker names it, such as "start" or "die". An action of a network has the prefix "network ". */
  readonly action: string;
  readonly id: string;
  /** Name of the container at the time of the event. Undefined if the event has no name. */
  readonly name: string | undefined;
  /** Seconds of the UNIX epoch, to the microsecond. */
  readonly time: number | undefined;
  readonly exitCode: number | undefined;
}

export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  /** Process id of the first process; 0 if the container does not run. */
  readonly pid: number;
  readonly state: string;
  /** Number of processors that the container may use, from `--cpus`. Undefined if that option was not set. */
  readonly cpus: number | undefined;
  /** Seconds of the UNIX epoch; undefined if the container was never started. */
  readonly startedAt: number | undefined;
}

export interface ListedContainer {
  readonly id: string;
  readonly name: string | undefined;
  readonly state: string;
}

/** The members of the engine's answers that are used. Older engines have `status` and `id` instead of the others. */
const EVENT: Wanted = {
  ...{ Type: true, Action: true, status: true, id: true, time: true, timeNano: true },
  Actor: { ID: true, Attributes: { container: true, name: true, exitCode: true } },
};
const FACTS: Wanted = {
  ...{ Id: true, Name: true, Config: { Hostname: true }, HostConfig: { NanoCpus: true } },
  State: { Pid: true, Status: true, Running: true, StartedAt: true },
};
const LISTED: Wanted = { Id: true, Names: true, State: true };

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const object = (value: unknown): Json => (isObject(value) ? value : {});
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const number = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

/** Ids of Docker and Podman are 64 hex digits. From any other id, neither cgroup nor UUID could be derived. */
const isContainerId = (id: string | undefined): id is string => id !== undefined && /^[0-9a-f]{64}$/.test(id);

const plainName = (name: string | undefined): string | undefined => name?.replace(/^\//, "");

function eventTime(event: Json): number | undefined {
  const nanoseconds = number(event["timeNano"]);
  return nanoseconds === undefined ? number(event["time"]) : Math.floor(nanoseconds / 1e3) / 1e6;
}

/** Returns seconds of the UNIX epoch, or undefined for the year 1, by which an engine means "never". */
function momentOf(value: unknown): number | undefined {
  const seconds = Date.parse(text(value) ?? "") / 1000;
  return seconds > 0 ? seconds : undefined;
}

/**
 * Returns undefined if the event is not about a container. Cuts an action such as `exec_create: sh` at the colon. In a
 * network event, Docker gives the container as an attribute; Podman gives the container's id instead of the network's.
 */
export function readEvent(json: string): LifecycleEvent | undefined {
  const event = object(pick(json, EVENT));
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

/** Returns undefined if the answer lacks a valid container id or a name. */
export function readFacts(json: string): ContainerFacts | undefined {
  const answer = object(pick(json, FACTS));
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

/** Returns undefined if the entry of a list lacks a valid container id. */
export function readListed(json: string): ListedContainer | undefined {
  const entry = object(pick(json, LISTED));
  const id = text(entry["Id"]);
  const names = Array.isArray(entry["Names"]) ? entry["Names"] : [];
  if (!isContainerId(id)) return undefined;
  return { id, name: plainName(text(names[0])), state: text(entry["State"]) ?? "running" };
}
