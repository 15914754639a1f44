// Handles SIGHUP (reload), SIGUSR1 (log the counters) and SIGUSR2 (raise the debug level). See hsflowd(8), "Signals".

import type { AgentStatus } from "../report/agent-status.ts";
import { counterLines } from "../run/status.ts";
import type { ProcessLog } from "./log.ts";

interface Agent {
  status(): AgentStatus;
  reload(): void;
}

/**
 * Handles the signals from the start of the process. Otherwise SIGHUP and SIGUSR2 would end the process, and SIGUSR1
 * would open Node's debugger on the loopback. A SIGHUP before the agent runs causes one reload as soon as it runs.
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
