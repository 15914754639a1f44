// Lets one agent of this host send at a time with an agent address and a sub-agent. Collectors tell agents apart by
// these two, and would find gaps and repetitions in the numbers of two agents of the same identity.

import type { Clock, Timer } from "../host/host.ts";
import type { Logger } from "../log/logger.ts";
import { showAddress } from "../sflow/address.ts";
import type { AgentAddress } from "./election.ts";

/** Milliseconds between attempts while another agent has the identity. */
const RETRY = 1000;

/** The attempt to take a name that one process can have. */
export interface Claim {
  /** True if another agent has the name. */
  readonly taken: boolean;
  /** Gives the name up, if this process has it. */
  release(): void;
}

/** The claim of an agent that does not look for others. */
const FREE: Claim = { taken: false, release: () => undefined };

export class Identity {
  readonly #claim: (name: string) => Claim;
  readonly #clock: Pick<Clock, "every">;
  readonly #log: Logger;
  readonly #onChange: (address: AgentAddress | undefined) => void;
  #address: AgentAddress | undefined;
  #name: string | undefined;
  #held: Claim | undefined;
  #retry: Timer | undefined;

  /** Calls `onChange` with the address to send with; undefined while nothing may be sent. */
  constructor(
    claim: ((name: string) => Claim) | undefined,
    clock: Pick<Clock, "every">,
    log: Logger,
    onChange: (address: AgentAddress | undefined) => void,
  ) {
    this.#claim = claim ?? (() => FREE);
    this.#clock = clock;
    this.#log = log;
    this.#onChange = onChange;
  }

  /** The reason why nothing is sent, if another agent has the identity. */
  get obstacle(): string | undefined {
    return this.#held?.taken === true ? `another agent on this host sends as ${this.#name}` : undefined;
  }

  /** Claims the identity, and releases the one before if it differs. */
  take(address: AgentAddress | undefined, subAgentId: number): void {
    const name = address && `${showAddress(address.bytes)}, sub-agent ${subAgentId}`;
    this.#address = address;
    if (name !== this.#name) this.#change(name);
    this.#onChange(this.#held?.taken === false ? address : undefined);
  }

  release(): void {
    this.#change(undefined);
  }

  #change(name: string | undefined): void {
    this.#retry?.cancel();
    this.#held?.release();
    this.#name = name;
    this.#held = name === undefined ? undefined : this.#claim(name);
    if (this.obstacle === undefined) return;
    this.#log.error(`${this.obstacle}: nothing is sent until it ends; set another subAgentId to send beside it`);
    this.#retry = this.#clock.every(RETRY, () => this.#again(name ?? ""));
  }

  #again(name: string): void {
    const claim = this.#claim(name);
    if (claim.taken) return;
    this.#retry?.cancel();
    this.#held = claim;
    this.#log.info(`no other agent sends as ${name} any more: sending`);
    this.#onChange(this.#address);
  }
}
