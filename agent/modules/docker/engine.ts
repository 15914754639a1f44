// The engine behind a socket: events, list, inspect. Docker Engine API through dockerode, no version pinned: each
// engine answers in its own.

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
  /** Resolves when the stream has ended, for whatever reason. */
  readonly ended: Promise<void>;
  close(): void;
}

export interface Engine {
  /** As an operator writes it: `unix:///run/docker.sock`. */
  readonly address: string;
  /**
   * Subscribes to what happens from `since` on, seconds of the UNIX epoch; resolves once the engine has accepted, so
   * that a list asked for afterwards misses nothing.
   */
  events(since: number, onEvent: (event: LifecycleEvent) => void): Promise<EventStream>;
  /** Containers that run, paused ones included. */
  list(): Promise<readonly ListedContainer[]>;
  /** Containers that began after `since`, seconds of the UNIX epoch, and have ended, except those that were removed. */
  ended(since: number): Promise<readonly ContainerFacts[]>;
  /** Undefined where the engine does not know the container. Rejects where it does not answer. */
  inspect(id: string): Promise<ContainerFacts | undefined>;
}

/** Podman calls in a filter "died" what its event then calls "die". */
const FILTERS = JSON.stringify({
  type: ["container", "network"],
  event: ["start", "die", "died", "pause", "unpause", "rename", "oom", "update", "connect", "disconnect"],
});

const ENDED = { all: true, filters: JSON.stringify({ status: ["exited"] }) };

/** An engine that has not answered by then is hung. */
const DEADLINE_MS = 10_000;
const AT_ONCE = 8;

/** Overrules DOCKER_HOST and the like, which dockerode reads: the configuration says where the engine is. */
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

  /** `onBad` is given each answer that was not understood. */
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

  /** dockerode never settles when an answer breaks off. The deadline does, and closes the connection. */
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
      if (facts === undefined) throw new Error("the answer names no container");
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
    if (containers === undefined) throw new Error("the answer is no list of containers");
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
