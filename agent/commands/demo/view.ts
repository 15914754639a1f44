// The output of `hsflowd demo`: turns datagrams into lines of text, without I/O. The time is an argument.

import { makePacket } from "../../packet/packet.ts";
import { showDataSource } from "../../sflow/data-source.ts";
import type { Datagram, DecodedCountersSample, DecodedFlowSample } from "../../sflow/decode/values.ts";
import { joinTexts, type Printable, plainText, printable } from "../../text/printable.ts";
import { hostLine, hostName } from "./host-line.ts";
import { interfaceLine, interfaceName } from "./interface-line.ts";
import { directionOf, packetText } from "./packet-line.ts";
import type { Paint } from "./paint.ts";
import type { Timed } from "./timed.ts";
import { scaled, timeOfDay } from "./units.ts";

export interface ViewOptions {
  readonly paint: Paint;
  /** UDP port of the demo's own collector. Packets to it are not shown. */
  readonly ownPort: number;
  /** The largest number of packets shown in one second. Further packets are only counted. */
  readonly packetsPerSecond: number;
}

type Colour = (text: string) => Printable;

const NAME_WIDTH = 10;
const GAP = plainText("  ");
/** Most data sources to remember. Anyone on this host can send datagrams to the demo. */
const MOST_SOURCES = 16_384;

/** Formats the datagrams of the demo one after another, and remembers what later datagrams are compared with. */
export class View {
  readonly #options: ViewOptions;
  /** The last sample of each data source, for rates. */
  readonly #last = new Map<string, Timed<DecodedCountersSample>>();
  /** Interface names by ifIndex, from counters samples. */
  readonly #names = new Map<number, string>();
  readonly #packet = makePacket();
  /** Counts of packet samples in the current second. `at` is that second, counted from the UNIX epoch. */
  #second = { at: 0, shown: 0, hidden: 0, hiddenPackets: 0 };

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  /** Returns the lines for one datagram, counters first. `now` is in milliseconds of the UNIX epoch. */
  lines(datagram: Datagram, now: number): Printable[] {
    const lines = this.#startSecond(now);
    for (const sample of datagram.samples) {
      if (sample.kind === "counters") lines.push(...this.#counters(sample, datagram.uptime, now));
    }
    for (const sample of datagram.samples) if (sample.kind === "flow") lines.push(...this.#flow(sample, now));
    return lines;
  }

  #line(now: number, name: string, colour: Colour, text: string, textColour: Colour = plainText): Printable {
    const { faint } = this.#options.paint;
    const wide = printable(name).padEnd(NAME_WIDTH);
    return joinTexts(faint(timeOfDay(now)), GAP, colour(wide), GAP, textColour(text));
  }

  #counters(sample: DecodedCountersSample, uptime: number, now: number): Printable[] {
    const { paint } = this.#options;
    const source = showDataSource(sample.source);
    const current = { sample, uptime };
    const before = this.#last.get(source);
    if (this.#last.size > MOST_SOURCES) this.#last.clear();
    if (this.#names.size > MOST_SOURCES) this.#names.clear();
    this.#last.set(source, current);
    const name = interfaceName(sample);
    if (name !== undefined) this.#names.set(sample.source.index, name);
    const about = interfaceLine(current, before);
    if (about !== undefined) return [this.#line(now, name ?? source, paint.name, about)];
    const host = before === undefined ? hostName(sample) : undefined;
    const lines = [hostLine(current, before)];
    if (host !== undefined) lines.unshift(host);
    return lines.filter((line) => line !== "").map((line) => this.#line(now, "host", paint.host, line));
  }

  #flow(sample: DecodedFlowSample, now: number): Printable[] {
    const { paint, ownPort, packetsPerSecond } = this.#options;
    const described = packetText(sample, this.#packet);
    if (described === undefined || described.destinationPort === ownPort) return [];
    const second = this.#second;
    if (second.shown >= packetsPerSecond) {
      second.hidden++;
      second.hiddenPackets += sample.samplingRate;
      return [];
    }
    second.shown++;
    const direction = directionOf(sample);
    const colour = direction === "in" ? paint.received : direction === "out" ? paint.sent : paint.faint;
    const { index } = sample.source;
    const name = `${this.#names.get(index) ?? `if ${index}`} ${direction}`;
    return [this.#line(now, name, colour, described.text)];
  }

  /** Starts a new second if the last second is over. Returns a line about the samples of that second not shown. */
  #startSecond(now: number): Printable[] {
    const { paint } = this.#options;
    const at = Math.floor(now / 1000);
    const over = this.#second;
    if (at === over.at) return [];
    this.#second = { at, shown: 0, hidden: 0, hiddenPackets: 0 };
    if (over.hidden === 0) return [];
    const more = `${over.hidden} more samples not shown (${scaled(over.hiddenPackets).trim()} packets)`;
    return [this.#line(over.at * 1000, "", paint.faint, more, paint.faint)];
  }
}
