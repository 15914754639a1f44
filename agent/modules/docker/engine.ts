// The engine behind a socket: events, list, inspect. Docker Engine API through dockerode, no version pinned: each engine answers in its own.

import Docker from "dockerode";
import {
  type ContainerFacts,
  type LifecycleEvent,
  type ListedContainer,
  makeLineSplitter,
  readEvent,
  readFacts,
  readList,
} from "./answers.ts";

export interface EventStream {
  /** Resolves when the stream has ended, for whatever reason. */
  readonly ended: Promise<void>;
  close(): void;
}

export interface Engine {
  /** As an operator writes it: `unix:///run/docker.sock`. */
  readonly address: string;
  /** Subscribes; resolves once the engine has accepted, so that a list asked for afterwards misses nothing. */
  events(since: number | undefined, onEvent: (event: LifecycleEvent) => void, onBad: () => void): Promise<EventStream>;
  /** Containers that run, paused ones included. */
  list(): Promise<readonly ListedContainer[]>;
  /** Undefined where the container is gone or the answer is not one. */
  inspect(id: string): Promise<ContainerFacts | undefined>;
}

const FILTERS = JSON.stringify({
  type: ["container", "network"],
  event: ["start", "die", "pause", "unpause", "rename", "oom", "destroy", "update", "connect", "disconnect"],
});

/** `unix:///path`, a plain path, or `tcp://host:port`. */
function connection(address: string): Docker.DockerOptions {
  if (address.startsWith("/")) return { socketPath: address };
  const url = new URL(address);
  if (url.protocol === "unix:") return { socketPath: url.pathname };
  return { protocol: "http", host: url.hostname, port: Number(url.port || 2375) };
}

export function makeEngine(address: string): Engine {
  const docker = new Docker(connection(address));
  return {
    address,
    async events(since, onEvent, onBad) {
      const abort = new AbortController();
      const options = { filters: FILTERS, abortSignal: abort.signal };
      const stream = await docker.getEvents(since === undefined ? options : { ...options, since });
      stream.setEncoding("utf8");
      stream.on(
        "data",
        makeLineSplitter((line) => deliver(line, onEvent, onBad)),
      );
      const ended = new Promise<void>((resolve) => {
        for (const end of ["end", "close", "error"]) stream.once(end, () => resolve());
      });
      return { ended, close: () => abort.abort() };
    },
    list: async () => readList(await docker.listContainers()),
    async inspect(id) {
      return readFacts(await docker.getContainer(id).inspect());
    },
  };
}

function deliver(line: string, onEvent: (event: LifecycleEvent) => void, onBad: () => void): void {
  const json = parseJson(line);
  if (json === undefined) {
    onBad();
    return;
  }
  const event = readEvent(json);
  if (event !== undefined) onEvent(event);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
