// Runs json { }: receives messages from applications, and sends what is in them. See README.md.

import type { Timer } from "../../host/host.ts";
import { limit } from "../../log/limit.ts";
import { messageOf } from "../../log/message-of.ts";
import type { Report } from "../../report/report.ts";
import type { Context, Running } from "../module.ts";
import { Applications } from "./applications.ts";
import type { JsonConfig } from "./config.ts";
import { UnixInput, udpInputs } from "./datagram-input.ts";
import type { Input } from "./input.ts";
import { Intake } from "./intake.ts";
import { PipeInput } from "./pipe-input.ts";

/** Milliseconds between two looks at inputs that are not open, and at the file of the pipe. */
const LOOK_AGAIN = 5000;
const LOOK_FOR_IDLE = 600_000;

interface Obstacle {
  readonly obstacle: string;
  readonly remedy: string;
}

const NO_INPUT: Obstacle = {
  obstacle: "nothing can send to it",
  remedy: "add udpport = 36343, socket = /run/hsflowd/json.sock, or fifo = /run/hsflowd/json.fifo to json { }",
};

/** Codes of errors of an address family that this host does not have. */
const NO_FAMILY = ["EAFNOSUPPORT", "EADDRNOTAVAIL"];

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: "make the pipe or the folder: mkfifo -m 622 PATH",
  EACCES: "let the agent's user read the pipe (chown hsflowd PATH), or write in the folder of the socket",
  EINVAL: "name a pipe that mkfifo has made",
  EADDRINUSE: "choose another one: another process uses it",
};

class JsonBlock implements Running<JsonConfig> {
  #config: JsonConfig;
  readonly #context: Context;
  readonly #applications: Applications;
  readonly #intake: Intake;
  #inputs: readonly Input[] = [];
  /** Messages lost by inputs that are closed. */
  #lost = 0;
  readonly #receiving = new Set<Input>();
  readonly #obstacles = new Map<Input, Obstacle>();
  #timers: readonly Timer[] = [];

  constructor(config: JsonConfig, context: Context) {
    const { agent, host, settings } = context;
    const { clock, random } = host;
    const log = limit(context.log, clock);
    this.#config = config;
    this.#context = context;
    this.#applications = new Applications({ agent, clock, random, settings, log });
    this.#intake = new Intake({
      ...{ applications: this.#applications, custom: agent.custom, log },
      uptime: () => clock.uptime(),
    });
  }

  start(): void {
    const { clock } = this.#context.host;
    this.#openAll();
    this.#timers = [
      clock.every(LOOK_AGAIN, () => {
        for (const input of this.#inputs) this.#open(input);
      }),
      clock.every(LOOK_FOR_IDLE, () => this.#applications.forgetIdle()),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    this.#closeAll();
    this.#applications.stop();
  }

  /** Keeps the applications. Keeps the inputs, too, if only settings of sflow { } changed. */
  reconfigure(config: JsonConfig): void {
    const before = this.#config;
    this.#config = config;
    this.#applications.configure();
    if (before.udpport === config.udpport && before.fifo === config.fifo && before.socket === config.socket) return;
    this.#closeAll();
    this.#openAll();
  }

  counters(): Readonly<Record<string, number>> {
    const lost = this.#inputs.reduce((sum, input) => sum + input.lost, this.#lost);
    return { ...this.#intake.counters, lost, ...this.#applications.counters };
  }

  report(): Report {
    const [first] = this.#obstacles.values();
    return { tables: [this.#applications.table()], ...(this.#inputs.length === 0 ? NO_INPUT : first) };
  }

  #makeInputs(): Input[] {
    const { sockets: shim, files } = this.#context.host;
    const { udpport, fifo, socket } = this.#config;
    const intake = this.#intake;
    return [
      ...(udpport === undefined || udpport === 0 ? [] : udpInputs(udpport, { shim, intake })),
      ...(socket === undefined ? [] : [new UnixInput(socket, files, { shim, intake })]),
      ...(fifo === undefined ? [] : [new PipeInput(fifo, { shim, files, intake })]),
    ];
  }

  #openAll(): void {
    this.#inputs = this.#makeInputs();
    if (this.#inputs.length === 0) this.#context.log.warn(`${NO_INPUT.obstacle}; ${NO_INPUT.remedy}`);
    for (const input of this.#inputs) this.#open(input);
  }

  #closeAll(): void {
    for (const input of this.#inputs) {
      input.close();
      this.#lost += input.lost;
    }
    this.#inputs = [];
    this.#obstacles.clear();
    this.#receiving.clear();
  }

  /** Opens an input. Logs an obstacle when it appears, and not each time it is found again. */
  #open(input: Input): void {
    try {
      input.open();
      this.#obstacles.delete(input);
      if (this.#receiving.has(input)) return;
      this.#receiving.add(input);
      this.#context.log.info(`receiving on ${input.name}`);
    } catch (error) {
      const { code = "" } = error as { readonly code?: string };
      this.#receiving.delete(input);
      if (input.name.includes("[::1]") && NO_FAMILY.includes(code)) return;
      const obstacle = `${input.name}: ${messageOf(error)}`;
      const remedy = REMEDIES[code] ?? "the agent tries again every 5 seconds";
      if (this.#obstacles.get(input)?.obstacle !== obstacle) this.#context.log.warn(`${obstacle}; ${remedy}`);
      this.#obstacles.set(input, { obstacle, remedy });
    }
  }
}

export const create = (config: JsonConfig, context: Context): Running<JsonConfig> => new JsonBlock(config, context);
