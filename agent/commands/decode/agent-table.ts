// Follows the datagrams of each agent and counts those that are missing. Bounded, because anyone can claim to be an
// agent.

import { showAddress } from "../../sflow/address.ts";
import { follow, type Position } from "../../sflow/continuity.ts";
import type { Datagram } from "../../sflow/decode/values.ts";

/** Most agents that sent one datagram, and most that sent several. Bounds the memory to a few MB. */
const MOST_AGENTS = 4096;

interface Followed {
  readonly position: Position;
  missing: number;
}

/**
 * Agents that sent one datagram are kept apart: a flood of invented ones cannot displace those that are followed. Both
 * maps are in the order of the last datagram, so that the first entry is the one to forget.
 */
export class AgentTable {
  readonly #once = new Map<string, Followed>();
  readonly #often = new Map<string, Followed>();
  /** Number of agents that were forgotten, and of their missing datagrams so far. */
  readonly forgotten = { agents: 0, missing: 0 };

  count({ agentAddress, subAgentId, sequenceNumber, uptime }: Datagram): void {
    const key = `${showAddress(agentAddress)}/${subAgentId}`;
    const known = this.#often.get(key) ?? this.#once.get(key);
    if (known === undefined) {
      this.#put(this.#once, key, { position: { sequence: sequenceNumber, uptime }, missing: 0 });
      return;
    }
    const { step, missing } = follow(known.position, sequenceNumber, uptime);
    known.missing = Math.max(0, known.missing + (step === "late" ? -1 : missing));
    this.#once.delete(key);
    this.#often.delete(key);
    this.#put(this.#often, key, known);
  }

  /** Returns the agents of which datagrams are missing. */
  lossy(): { agent: string; missing: number }[] {
    return [...this.#often].flatMap(([agent, { missing }]) => (missing > 0 ? [{ agent, missing }] : []));
  }

  #put(table: Map<string, Followed>, key: string, followed: Followed): void {
    const [oldest] = table;
    if (oldest !== undefined && table.size === MOST_AGENTS) {
      table.delete(oldest[0]);
      this.forgotten.agents++;
      this.forgotten.missing += oldest[1].missing;
    }
    table.set(key, followed);
  }
}
