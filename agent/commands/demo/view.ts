// The output of `hsflowd demo`: turns datagrams into lines of text, without I/O. The time is an argument.

import { makePacket } from "../../packet/packet.ts";
import { showDataSource } from "../../sflow/data-source.ts";
import type { Datagram, DecodedCountersSample, DecodedFlowSample } from "../../sflow/decode/values.ts";
import { joinTexts, type Printable, plainText, printable } from "../../text/printable.ts";
import { wrapText } from "../../text/wrap.ts";
import { hostLine, hostName } from "./host-line.ts";
import { interfaceLine, interfaceName, isIdle } from "./interface-line.ts";
import { directionOf, packetText } from "./packet-line.ts";
import type { Paint } from "./paint.ts";
import { Talkers } from "./talkers.ts";
import type { Timed } from "./timed.ts";
import { scaled, timeOfDay } from "./units.ts";

export interface ViewOptions {
  readonly paint: Paint;
  /** UDP port of the demo's own collector. Packets to it are not shown. */
  readonly ownPort: number;
  /** The largest number of packets shown in one second. Further packets are only counted. */
  readonly packetsPerSecond: number;
  /** Columns of the terminal. */
  readonly width: number;
  /** The names of the interfaces whose counters are shown, by ifIndex. */
  readonly interfaces: ReadonlyMap<number, string>;
  /** Milliseconds of the UNIX epoch. */
  readonly now: number;
}

type Colour = (text: string) => Printable;

const NAME_WIDTH = 9;
const GAP = plainText(" ");
/** Columns of text beside the name, however narrow the terminal is. */
const LEAST_TEXT = 20;
/** Most data sources to remember. Anyone on this host can send datagrams to the demo. */
const MOST_SOURCES = 16_384;

/** Formats the datagrams of the demo one after another, and remembers what later datagrams are compared with. */
export class View {
  readonly #options: ViewOptions;
  /** The last sample of each data source, for rates. */
  readonly #last = new Map<string, Timed<DecodedCountersSample>>();
  /** Interface names by ifIndex. Those that are not shown are from counters samples. */
  readonly #names: Map<number, string>;
  readonly #packet = makePacket();
  readonly #talkers: Talkers;
  /** N of 1-in-N by interface, as last printed and in the latest sample. */
  readonly #rates = new Map<number, { printed: number; now: number }>();
  /** Counts of packet samples in the current second. `at` is that second, counted from the UNIX epoch. */
  #second = { at: 0, shown: 0, hidden: 0, hiddenPackets: 0 };

  constructor(options: ViewOptions) {
    this.#options = options;
    this.#names = new Map(options.interfaces);
    this.#talkers = new Talkers(options.now);
  }

  /** Returns a line for each top talker since the last call. */
  talkers(now: number): Printable[] {
    const { paint } = this.#options;
    return this.#talkers
      .take(now)
      .flatMap(({ index, text }) => this.#line(now, `${this.#nameOf(index)} top`, paint.host, text));
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

  /** Returns the text as one line or, if the terminal is narrow, as several. Only the first has a time and a name. */
  #line(now: number, name: string, colour: Colour, text: string, textColour: Colour = plainText): Printable[] {
    const { paint, width } = this.#options;
    const wide = printable(name).padEnd(NAME_WIDTH);
    const time = timeOfDay(now);
    const indent = " ".repeat(`${time}${GAP}${wide}${GAP}`.length);
    return wrapText(printable(text), Math.max(LEAST_TEXT, width - indent.length)).map((part, i) =>
      i === 0
        ? joinTexts(paint.faint(time), GAP, colour(wide), GAP, textColour(part))
        : joinTexts(plainText(indent), textColour(part)),
    );
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
    if (about !== undefined) {
      const isShown = name !== undefined && this.#isShown(name) && !isIdle(current, before);
      return isShown ? this.#line(now, name, paint.name, about) : [];
    }
    const host = before === undefined ? hostName(sample) : undefined;
    const lines = [hostLine(current, before)];
    if (host !== undefined) lines.unshift(host);
    return lines.filter((line) => line !== "").flatMap((line) => this.#line(now, "host", paint.host, line));
  }

  #flow(sample: DecodedFlowSample, now: number): Printable[] {
    const { paint, ownPort, packetsPerSecond } = this.#options;
    const described = packetText(sample, this.#packet);
    if (described === undefined || described.destinationPort === ownPort) return [];
    const second = this.#second;
    const { index } = sample.source;
    this.#talkers.add(index, described.conversation, sample.samplingRate, described.octets);
    this.#noteRate(index, sample.samplingRate);
    if (second.shown >= packetsPerSecond) {
      second.hidden++;
      second.hiddenPackets += sample.samplingRate;
      return [];
    }
    second.shown++;
    const direction = directionOf(sample);
    const colour = direction === "in" ? paint.received : direction === "out" ? paint.sent : paint.faint;
    return this.#line(now, `${this.#nameOf(index)} ${direction}`, colour, described.text);
  }

  #isShown(name: string): boolean {
    return [...this.#options.interfaces.values()].includes(name);
  }

  readonly #nameOf = (index: number): string => this.#names.get(index) ?? `if ${index}`;

  #noteRate(index: number, rate: number): void {
    const known = this.#rates.get(index);
    if (known !== undefined) known.now = rate;
    else if (this.#rates.size < MOST_SOURCES) this.#rates.set(index, { printed: rate, now: rate });
  }

  /** Returns a line for each interface of which another share of the packets is sampled than was printed. */
  #changedRates(now: number): Printable[] {
    const { paint } = this.#options;
    return [...this.#rates].flatMap(([index, rate]) => {
      if (rate.printed === rate.now) return [];
      rate.printed = rate.now;
      const text = `from here on ${rate.now === 1 ? "every packet" : `1 in ${rate.now.toLocaleString("en")} packets`}`;
      return this.#line(now, this.#nameOf(index), paint.warning, text, paint.warning);
    });
  }

  /** Starts a new second if the last second is over. Returns a line about the samples of that second not shown. */
  #startSecond(now: number): Printable[] {
    const { paint } = this.#options;
    const at = Math.floor(now / 1000);
    const over = this.#second;
    if (at === over.at) return [];
    this.#second = { at, shown: 0, hidden: 0, hiddenPackets: 0 };
    const rates = this.#changedRates(over.at * 1000);
    if (over.hidden === 0) return rates;
    const more = `${over.hidden} more samples not shown (${scaled(over.hiddenPackets).trim()} packets)`;
    return [...this.#line(over.at * 1000, "", paint.faint, more, paint.faint), ...rates];
  }
}
