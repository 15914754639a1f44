// A fake engine whose streams and answers are controlled by the test.

import type { ContainerFacts, LifecycleEvent, ListedContainer } from "../../../agent/modules/docker/answers.ts";
import type { ContainerListing, Engine } from "../../../agent/modules/docker/engine.ts";
import { Following } from "../../../agent/modules/docker/follow.ts";
import { makeFakeClock } from "../../fakes/clock.ts";
import { makeLog } from "../../fakes/log.ts";
import { id } from "./world.ts";

export const A = id("a");
export const errno = (code: string) => Object.assign(new Error(code), { code });
export const event = (time: number | undefined): LifecycleEvent => ({
  action: "start",
  id: A,
  name: "web",
  time,
  exitCode: undefined,
});
export const settle = () => new Promise((resolve) => setImmediate(resolve));

interface Stream {
  readonly since: number;
  readonly onEvent: (event: LifecycleEvent) => void;
  end(): void;
  closed: boolean;
}

/** Returns a fake engine that accepts subscriptions and has an empty list, until a test replaces its answers. */
export function setUp() {
  const clock = makeFakeClock();
  const log = makeLog();
  const streams: Stream[] = [];
  const heard: string[] = [];
  const answers = {
    events: async (): Promise<void> => undefined,
    list: async (): Promise<readonly ListedContainer[]> => [],
    ended: async (_since: number): Promise<readonly ContainerFacts[]> => [],
  };
  const engine: Engine = {
    address: "unix:///e.sock",
    async events(since, onEvent) {
      await answers.events();
      let end = (): void => undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const stream: Stream = { since, onEvent, end, closed: false };
      streams.push(stream);
      return {
        ended,
        close: () => {
          stream.closed = true;
        },
      };
    },
    list: async () => ({ containers: await answers.list(), cut: false }),
    ended: (since) => answers.ended(since),
    inspect: async () => undefined,
    close: () => undefined,
  };
  const listener = {
    onEvent: ({ action }: LifecycleEvent) => void heard.push(action),
    onList: async ({ containers }: ContainerListing) => void heard.push(`list of ${containers.length}`),
    onEnded: async (containers: readonly ContainerFacts[]) => void heard.push(`${containers.length} ended`),
  };
  const start = () => new Following(engine, clock, listener, log);
  return { clock, log, streams, heard, answers, start };
}

export const GONE = "warn: unix:///e.sock: the engine closed the connection, connecting again";
export const FOLLOWING = "info: following unix:///e.sock";
