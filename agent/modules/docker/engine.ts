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
  /** Containers that began after `since`, seconds of the UNIX epoch, and run no more. Those removed are not known. */
  ended(since: number): Promise<readonly ContainerFacts[]>;
  /** Undefined where the engine does not know the container. Rejects where it cannot tell. */
  inspect(id: string): Promise<ContainerFacts | undefined>;
}

/** Podman calls in a filter "died" what its event then calls "die". */
const FILTERS = JSON.stringify({
  type: ["container", "network"],
  event: ["start", "die", "died", "pause", "unpause", "rename", "oom", "update", "connect", "disconnect"],
});

const ENDED = { all: true, filters: JSON.stringify({ status: ["exited"] }) };

/** An engine that does not answer for so long is hung or halfway through an answer. */
const DEADLINE_MS = 10_000;
const AT_ONCE = 8;

/** What dockerode would take from the environment is overruled: the configuration says where the engine is. */
function connection(socket: EngineSocket): Docker.DockerOptions {
  const plain = { protocol: "http", timeout: 0 } as const;
  if (socket.path !== undefined) return { ...plain, host: "", socketPath: socket.path };
  return { ...plain, host: socket.host, port: socket.port };
}

const isUnknown = (error: unknown): boolean => (error as { statusCode?: number }).statusCode === 404;

export function makeEngine(socket: EngineSocket, clock: Clock, onBad: (what: string) => void): Engine {
  const docker = new Docker(connection(socket));
  const turn = limitConcurrency(AT_ONCE);

  /** dockerode never settles when an answer breaks off: the deadline does, and closes the connection. */
  function ask<T>(question: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    return new Promise<T>((resolve, reject) => {
      const timer = clock.after(DEADLINE_MS, () => {
        reject(new Error("the engine does not answer"));
        abort.abort();
      });
      question(abort.signal)
        .then(resolve, reject)
        .finally(() => timer.cancel());
    });
  }

  async function inspect(id: string): Promise<ContainerFacts | undefined> {
    try {
      const facts = readFacts(await ask((abortSignal) => docker.getContainer(id).inspect({ abortSignal })));
      if (facts === undefined) throw new Error("the answer names no container");
      return facts;
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  }

  async function list(options: Docker.ContainerListOptions): Promise<readonly ListedContainer[]> {
    const answer: unknown = await ask((abortSignal) => docker.listContainers({ ...options, abortSignal }));
    const containers = readList(answer, onBad);
    if (containers === undefined) throw new Error("the answer is no list of containers");
    return containers;
  }

  const inspectInTurn = (id: string): Promise<ContainerFacts | undefined> => turn(() => inspect(id));

  const inspectOrSay = (id: string): Promise<ContainerFacts | undefined> =>
    inspectInTurn(id).catch((error: unknown) => void onBad(`${id}: ${messageOf(error)}`));

  return {
    address: socket.shown,
    async events(since, onEvent) {
      const abort = new AbortController();
      const options = { filters: FILTERS, since, abortSignal: abort.signal };
      const stream = await ask((signal) => {
        signal.addEventListener("abort", () => abort.abort());
        return docker.getEvents(options);
      });
      stream.setEncoding("utf8");
      stream.on(
        "data",
        makeLineSplitter((line) => deliver(line, onEvent, onBad), onBad),
      );
      const ended = new Promise<void>((resolve) => {
        for (const end of ["end", "close", "error"]) stream.on(end, () => resolve());
      });
      return { ended, close: () => abort.abort() };
    },
    list: () => list({}),
    async ended(since) {
      const facts = await Promise.all((await list(ENDED)).map(({ id }) => inspectOrSay(id)));
      return facts.filter((known) => known !== undefined).filter(({ startedAt = 0 }) => startedAt > since);
    },
    inspect: inspectInTurn,
  };
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
