// SIGHUP, SIGUSR1 and SIGUSR2: reload, log the counters, raise the debug level. hsflowd(8), "Signals".

import type { AgentStatus } from "../report/agent-status.ts";
import { counterLines } from "../run/status.ts";
import type { ProcessLog } from "./log.ts";

interface Agent {
  status(): AgentStatus;
  reload(): void;
}

/**
 * Handles the signals from the start of the process, because the default action of each would end it, or, for SIGUSR1,
 * open Node's debugger on the loopback. A SIGHUP that arrives before the agent runs is answered by one reload then.
 */
export class RuntimeSignals {
  #agent: Agent | undefined;
  #reloadPending = false;

  constructor({ log, levels, reopen }: ProcessLog) {
    process.on("SIGHUP", () => {
      reopen();
      this.#reload();
    });
    process.on("SIGUSR1", () => {
      for (const line of counterLines(this.#agent?.status())) log.info(line);
    });
    process.on("SIGUSR2", () => log.info(`debug level ${levels.raise()}`));
  }

  /** Passes signals to a running agent from now on. */
  attach(agent: Agent): void {
    this.#agent = agent;
    if (this.#reloadPending) agent.reload();
  }

  #reload(): void {
    if (this.#agent === undefined) this.#reloadPending = true;
    else this.#agent.reload();
  }
}
