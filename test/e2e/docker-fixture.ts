// The fixture of end-to-end files that need a container engine: a dockerd, and an agent that follows it.

import { type Watched, watchEngine } from "./docker-agent.ts";
import { type DockerEngine, makeDockerEngine } from "./docker-engine.ts";
import { test as base } from "./fixture.ts";

type WatchOptions = Parameters<typeof watchEngine>[2];

export interface EngineFixtures {
  /** Starts a dockerd with these options; it is removed after the last test. */
  readonly startEngine: (...options: string[]) => Promise<DockerEngine>;
  /** Starts an agent with docker { } and its receiver; both are stopped after the last test, before the engine is. */
  readonly watchEngine: (engine: Pick<DockerEngine, "host" | "address">, options?: WatchOptions) => Promise<Watched>;
}

export const test = base
  .extend("startEngine", { scope: "file" }, ({ atEnd, folder, lab }): EngineFixtures["startEngine"] => {
    return async (...options) => {
      const engine = await makeDockerEngine(lab, folder.path, ...options);
      atEnd(engine.remove);
      return engine;
    };
  })
  .extend("watchEngine", { scope: "file" }, ({ atEnd, folder }): EngineFixtures["watchEngine"] => {
    return async (engine, options) => {
      const watched = await watchEngine(engine, folder, options);
      atEnd(watched.stop);
      return watched;
    };
  });
