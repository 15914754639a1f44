// Client of the container engine: event stream, container lists, inspect. dockerode makes the requests. See Docker
// Engine API. No API version is requested, so each engine answers in its own version.

import Docker from "dockerode";
import type { Host } from "../../host/host.ts";
import { limitConcurrency } from "../../host/limit-concurrency.ts";
import { WorkQueue } from "../../host/work-queue.ts";
import { messageOf } from "../../log/message-of.ts";
import {
  type ContainerFacts,
  type LifecycleEvent,
  type ListedContainer,
  readEvent,
  readFacts,
  readListed,
} from "./answers.ts";
import { Connections } from "./connections.ts";
import { type Body, documentsOf, ElementSplitter, readText, splitLines } from "./documents.ts";
import type { EngineSocket } from "./socket.ts";
import { type EngineError, makeTransport } from "./transport.ts";

export interface EventStream {
  /** Resolves when the stream ends: closed by the engine, closed by us, or cut off. Rejects if `onEvent` throws. */
  readonly ended: Promise<void>;
  close(): void;
}

export interface ContainerListing {
  readonly containers: readonly ListedContainer[];
  /** True if the list has more containers than can be reported, so that the others are missing here. */
  readonly cut: boolean;
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
  list(): Promise<ContainerListing>;
  /** Returns containers that started after `since` (seconds of the UNIX epoch), have exited, and were not removed. */
  ended(since: number): Promise<readonly ContainerFacts[]>;
  /** Resolves to undefined if the engine does not know the container. Rejects if the request fails. */
  inspect(id: string): Promise<ContainerFacts | undefined>;
  /** Closes all connections. Requests in progress reject. */
  close(): void;
}

/** "died" is for Podman: its filter has this name for the event "die". */
const FILTERS = JSON.stringify({
  type: ["container", "network"],
  event: ["start", "die", "died", "pause", "unpause", "rename", "oom", "update", "connect", "disconnect"],
});

const ENDED = { all: true, filters: JSON.stringify({ status: ["exited"] }) };

/** Inspect requests in flight at the same time. */
const AT_ONCE = 8;
/** Limit of a list: the number of data sources for workloads. */
const MOST_LISTED = 50_000;
/** Limit of exited containers that are inspected after a reconnect, the newest ones. */
const MOST_ENDED = 2048;
/** Characters of the longest list. An entry of that many containers may be 5 KiB long, which is ten times the usual. */
const LONGEST_LIST = 256 << 20;

/** dockerode takes the transport as `modem`, which its types do not list. */
const dockerodeWith = (modem: object): Docker => new Docker({ Promise, modem } as Docker.DockerOptions);

/** With this transport every answer is a body, whatever type dockerode declares. */
const bodyOf = async (answer: Promise<unknown>): Promise<Body> => (await answer) as Body;

const isUnknown = (error: unknown): boolean => (error as Partial<EngineError>).statusCode === 404;

export class DockerEngine implements Engine {
  readonly address: string;
  readonly #docker: Docker;
  readonly #connections: Connections;
  readonly #queue: WorkQueue;
  /** Events have a queue of their own, because a container may end before a long list has been read. */
  readonly #eventQueue: WorkQueue;
  readonly #onBad: (what: string) => void;
  readonly #turn = limitConcurrency(AT_ONCE);

  /** Passes each unusable event, list entry or inspect answer to `onBad`. */
  constructor(
    { shown, path, host: name, port }: EngineSocket,
    host: Pick<Host, "clock" | "askHttpServer">,
    queue: WorkQueue,
    onBad: (what: string) => void,
  ) {
    this.address = shown;
    this.#docker = dockerodeWith(makeTransport(host, path === undefined ? { host: name, port } : { socketPath: path }));
    this.#connections = new Connections(host.clock);
    this.#queue = queue;
    this.#eventQueue = new WorkQueue(host.clock);
    this.#onBad = onBad;
  }

  async events(since: number, onEvent: (event: LifecycleEvent) => void): Promise<EventStream> {
    const connection = this.#connections.open();
    const { signal } = connection;
    const options = { filters: FILTERS, since, abortSignal: signal };
    try {
      const body = await connection.inTime(bodyOf(this.#docker.getEvents(options)));
      const ended = this.#deliver(body, signal, onEvent).finally(() => connection.close());
      return { ended, close: () => connection.close() };
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  list(): Promise<ContainerListing> {
    return this.#list({});
  }

  async ended(since: number): Promise<readonly ContainerFacts[]> {
    const { containers } = await this.#list(ENDED);
    if (containers.length > MOST_ENDED) this.#onBad(`more than ${MOST_ENDED} exited containers`);
    const facts = await Promise.all(containers.slice(0, MOST_ENDED).map(({ id }) => this.#inspectOrSay(id)));
    return facts.filter((known) => known !== undefined).filter(({ startedAt = 0 }) => startedAt > since);
  }

  inspect(id: string): Promise<ContainerFacts | undefined> {
    return this.#turn(() => this.#inspect(id));
  }

  close(): void {
    this.#connections.close();
  }

  /** Resolves when the stream ends or is cut off. Rejects if `onEvent` throws. */
  async #deliver(body: Body, signal: AbortSignal, onEvent: (event: LifecycleEvent) => void): Promise<void> {
    const lines = documentsOf(body, splitLines(this.#onBad), this.#eventQueue);
    const next = (): Promise<IteratorResult<string>> => lines.next().catch(() => ({ done: true, value: undefined }));
    for (let line = await next(); !line.done && !signal.aborted; line = await next()) {
      const event = readEvent(line.value);
      if (event === undefined) this.#onBad(line.value);
      else onEvent(event);
    }
  }

  /** Sends a request on a connection of its own, which is closed at the end. */
  async #ask<T>(request: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    const connection = this.#connections.open();
    try {
      return await connection.inTime(request(connection.signal));
    } finally {
      connection.close();
    }
  }

  /** Takes its turn before the request and before its answer is read, because a list may lead to 50,000 of them. */
  async #inspect(id: string): Promise<ContainerFacts | undefined> {
    await this.#queue.next();
    try {
      const answer = await this.#ask(async (abortSignal) =>
        readText(await bodyOf(this.#docker.getContainer(id).inspect({ abortSignal }))),
      );
      await this.#queue.next();
      const facts = readFacts(answer);
      if (facts === undefined) throw new Error("the engine's answer lacks a valid container id or a name");
      return facts;
    } catch (error) {
      await this.#queue.next();
      if (isUnknown(error)) return undefined;
      throw error;
    }
  }

  #inspectOrSay(id: string): Promise<ContainerFacts | undefined> {
    return this.inspect(id).catch((error: unknown) => void this.#onBad(`${id}: ${messageOf(error)}`));
  }

  #list(options: Docker.ContainerListOptions): Promise<ContainerListing> {
    return this.#ask(async (abortSignal) =>
      this.#readList(await bodyOf(this.#docker.listContainers({ ...options, abortSignal }))),
    );
  }

  async #readList(body: Body): Promise<ContainerListing> {
    const elements = new ElementSplitter(this.#onBad);
    const containers: ListedContainer[] = [];
    let count = 0;
    for await (const element of documentsOf(body, (part) => elements.split(part), this.#queue, LONGEST_LIST)) {
      if (++count > MOST_LISTED) return { containers, cut: true };
      const container = readListed(element);
      if (container === undefined) this.#onBad(element);
      else containers.push(container);
    }
    if (!elements.complete) throw new Error("the engine's list of containers is cut off");
    return { containers, cut: false };
  }
}
