// The conversations with the most octets in a period, estimated from packet samples.

import { bitsPerSecond, packetsPerSecond, percent } from "./units.ts";

interface Talk {
  readonly index: number;
  readonly text: string;
  packets: number;
  octets: number;
}

export interface TopTalker {
  /** The ifIndex. */
  readonly index: number;
  readonly text: string;
}

const MOST_SHOWN = 3;
/** Most conversations to remember in a period. Anyone on the network can invent addresses. */
const MOST_TALKS = 4096;

/** Adds up the packets of each conversation on each interface. */
export class Talkers {
  #talks = new Map<string, Talk>();
  #octets = 0;
  #since: number;

  /** `now` is in milliseconds. */
  constructor(now: number) {
    this.#since = now;
  }

  /** Adds `packets` packets of `octets` octets each. `text` names the ends of the conversation. */
  add(index: number, text: string, packets: number, octets: number): void {
    this.#octets += packets * octets;
    const key = `${index} ${text}`;
    const talk = this.#talks.get(key) ?? { index, text, packets: 0, octets: 0 };
    talk.packets += packets;
    talk.octets += packets * octets;
    if (this.#talks.size < MOST_TALKS || this.#talks.has(key)) this.#talks.set(key, talk);
  }

  /** Returns the top talkers since the last call, and begins a new period. */
  take(now: number): TopTalker[] {
    const seconds = Math.max(1, now - this.#since) / 1000;
    const all = this.#octets;
    const top = [...this.#talks.values()].sort((a, b) => b.octets - a.octets).slice(0, MOST_SHOWN);
    this.#talks = new Map();
    this.#octets = 0;
    this.#since = now;
    return top.map((talk) => {
      const rates = `${packetsPerSecond(talk.packets / seconds)}   ${bitsPerSecond((talk.octets * 8) / seconds)}`;
      return { index: talk.index, text: `${talk.text}   ${rates}   ${percent(talk.octets / all)}` };
    });
  }
}
