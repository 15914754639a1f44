// Client of the container engine, through dockerode: event stream, container lists, inspect. See Docker Engine API. No
// API version is requested, so each engine answers in its own version.

import Docker from "dockerode";
import type { Clock } from "../../host/host.ts";
import { limitConcurrency } from "../../host/limit-concurrency.ts";
import { messageOf } from "../../log/message-of.ts";
import {
  type ContainerFacts,
  type LifecycleEvent,
  type ListedContainer,
  makeLineSplitter,
  readEvent,
  readFacts,
  readList,
} from "./answers.ts";
import type { EngineSocket } from "./socket.ts";

export interface EventStream {
  /** Resolves when the stream ends for any reason: closed by the engine, closed by us, or an error. */
  readonly ended: Promise<void>;
  close(): void;
}

export interface Engine {
  /** Address in the form of the configuration file: `unix:///run/docker.sock`. */
  readonly address: string;
  /**
   * Subscribes to events from `since` on, in seconds of the UNIX epoch. Resolves when the engine has accepted the
   * subscription. A list requested after that leaves no gap between list and events.
   */
  events(since: number, onEvent: (event: LifecycleEvent) => void): Promise<EventStream>;
  /** Returns the running containers, including paused ones. */
  list(): Promise<readonly ListedContainer[]>;
  /** Returns containers that started after `since` (seconds of the UNIX epoch), have exited, and were not removed. */
  ended(since: number): Promise<readonly ContainerFacts[]>;
  /** Resolves to undefined if the engine does not know the container. Rejects if the request fails. */
  inspect(id: string): Promise<ContainerFacts | undefined>;
}

/** "died" is for Podman: its filter has this name for the event "die". */
const FILTERS = JSON.stringify({
  type: ["container", "network"],
  event: ["start", "die", "died", "pause", "unpause", "rename", "oom", "update", "connect", "disconnect"],
});

const ENDED = { all: true, filters: JSON.stringify({ status: ["exited"] }) };

/** Timeout of each request. */
const DEADLINE_MS = 10_000;
/** Inspect requests in flight at the same time. */
const AT_ONCE = 8;

/** Sets all connection options, so that dockerode does not take any from DOCKER_HOST and other variables. */
function connection(socket: EngineSocket): Docker.DockerOptions {
  const plain = { protocol: "http", timeout: 0 } as const;
  if (socket.path !== undefined) return { ...plain, host: "", socketPath: socket.path };
  return { ...plain, host: socket.host, port: socket.port };
}

const isUnknown = (error: unknown): boolean => (error as { statusCode?: number }).statusCode === 404;

export class DockerEngine implements Engine {
  readonly address: string;
  readonly #docker: Docker;
  readonly #clock: Clock;
  readonly #onBad: (what: string) => void;
  readonly #turn = limitConcurrency(AT_ONCE);

  /** Passes each unusable event, list entry or inspect answer to `onBad`. */
  constructor(socket: EngineSocket, clock: Clock, onBad: (what: string) => void) {
    this.address = socket.shown;
    this.#docker = new Docker(connection(socket));
    this.#clock = clock;
    this.#onBad = onBad;
  }

  async events(since: number, onEvent: (event: LifecycleEvent) => void): Promise<EventStream> {
    const abort = new AbortController();
    const options = { filters: FILTERS, since, abortSignal: abort.signal };
    const stream = await this.#ask((signal) => {
      signal.addEventListener("abort", () => abort.abort());
      return this.#docker.getEvents(options);
    });
    stream.setEncoding("utf8");
    stream.on(
      "data",
      makeLineSplitter((line) => deliver(line, onEvent, this.#onBad), this.#onBad),
    );
    const ended = new Promise<void>((resolve) => {
      for (const end of ["end", "close", "error"]) stream.on(end, () => resolve());
    });
    return { ended, close: () => abort.abort() };
  }

  list(): Promise<readonly ListedContainer[]> {
    return this.#list({});
  }

  async ended(since: number): Promise<readonly ContainerFacts[]> {
    const facts = await Promise.all((await this.#list(ENDED)).map(({ id }) => this.#inspectOrSay(id)));
    return facts.filter((known) => known !== undefined).filter(({ startedAt = 0 }) => startedAt > since);
  }

  inspect(id: string): Promise<ContainerFacts | undefined> {
    return this.#turn(() => this.#inspect(id));
  }

  /** Adds a timeout that closes the connection. If an answer is cut off, dockerode's own promise never settles. */
  #ask<T>(question: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    return new Promise<T>((resolve, reject) => {
      const timer = this.#clock.after(DEADLINE_MS, () => {
        reject(new Error("the engine does not answer"));
        abort.abort();
      });
      question(abort.signal)
        .then(resolve, reject)
        .finally(() => timer.cancel());
    });
  }

  async #inspect(id: string): Promise<ContainerFacts | undefined> {
    try {
      const facts = readFacts(await this.#ask((abortSignal) => this.#docker.getContainer(id).inspect({ abortSignal })));
      if (facts === undefined) throw new Error("the engine's answer lacks a valid container id or a name");
      return facts;
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  }

  #inspectOrSay(id: string): Promise<ContainerFacts | undefined> {
    return this.inspect(id).catch((error: unknown) => void this.#onBad(`${id}: ${messageOf(error)}`));
  }

  async #list(options: Docker.ContainerListOptions): Promise<readonly ListedContainer[]> {
    const answer: unknown = await this.#ask((abortSignal) => this.#docker.listContainers({ ...options, abortSignal }));
    const containers = readList(answer, this.#onBad);
    if (containers === undefined) throw new Error("the engine's answer is not a list of containers");
    return containers;
  }
}

function deliver(line: string, onEvent: (event: LifecycleEvent) => void, onBad: (line: string) => void): void {
  const event = readEvent(parseJson(line));
  if (event === undefined) onBad(line);
  else onEvent(event);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
