// Datagrams as lines for a person: what `hsflowd demo` prints. Pure: datagrams and the time go in, text comes out.

import { makePacket } from "../../packet/packet.ts";
import { showDataSource } from "../../sflow/data-source.ts";
import type { Datagram, DecodedCountersSample, DecodedFlowSample } from "../../sflow/decode/values.ts";
import { hostLine, hostName } from "./host-line.ts";
import { interfaceLine, interfaceName } from "./interface-line.ts";
import { directionOf, packetText } from "./packet-line.ts";
import type { Paint } from "./paint.ts";
import type { Timed } from "./timed.ts";
import { scaled, timeOfDay } from "./units.ts";

export interface ViewOptions {
  readonly paint: Paint;
  /** Packets to this UDP port are the demonstration's own datagrams, and not shown. */
  readonly ownPort: number;
  /** More packets than this in one second are summed up. */
  readonly packetsPerSecond: number;
}

export interface View {
  /** `now` in milliseconds of the UNIX epoch. */
  lines(datagram: Datagram, now: number): string[];
}

const NAME_WIDTH = 10;

export function makeView({ paint, ownPort, packetsPerSecond }: ViewOptions): View {
  const last = new Map<string, Timed<DecodedCountersSample>>();
  const names = new Map<number, string>();
  const packet = makePacket();
  const second = { at: 0, shown: 0, hidden: 0, hiddenPackets: 0 };

  const head = (now: number, name: string, colour: (text: string) => string) =>
    `${paint.faint(timeOfDay(now))}  ${colour(name.padEnd(NAME_WIDTH))}  `;

  function counters(sample: DecodedCountersSample, uptime: number, now: number): string[] {
    const source = showDataSource(sample.source);
    const current = { sample, uptime };
    const before = last.get(source);
    last.set(source, current);
    const name = interfaceName(sample);
    if (name !== undefined) names.set(sample.source.index, name);
    const about = interfaceLine(current, before);
    if (about !== undefined) return [head(now, name ?? source, paint.name) + about];
    const host = before === undefined ? hostName(sample) : undefined;
    const lines = [hostLine(current, before)];
    if (host !== undefined) lines.unshift(host);
    return lines.filter((line) => line !== "").map((line) => head(now, "host", paint.host) + line);
  }

  function flow(sample: DecodedFlowSample, now: number): string[] {
    const described = packetText(sample, packet);
    if (described === undefined || described.destinationPort === ownPort) return [];
    if (second.shown >= packetsPerSecond) {
      second.hidden++;
      second.hiddenPackets += sample.samplingRate;
      return [];
    }
    second.shown++;
    const direction = directionOf(sample);
    const colour = direction === "in" ? paint.received : direction === "out" ? paint.sent : paint.faint;
    const { index } = sample.source;
    const name = `${names.get(index) ?? `if ${index}`} ${direction}`;
    return [head(now, name, colour) + described.text];
  }

  /** A new second begins: what the one before did not show is said in one line. */
  function turn(now: number): string[] {
    const at = Math.floor(now / 1000);
    if (at === second.at) return [];
    const { hidden, hiddenPackets } = second;
    const then = second.at * 1000;
    Object.assign(second, { at, shown: 0, hidden: 0, hiddenPackets: 0 });
    if (hidden === 0) return [];
    const more = `and ${hidden} samples more, for ${scaled(hiddenPackets).trim()} packets`;
    return [head(then, "", paint.faint) + paint.faint(more)];
  }

  return {
    lines(datagram, now) {
      const told = turn(now);
      for (const sample of datagram.samples) {
        if (sample.kind === "counters") told.push(...counters(sample, datagram.uptime, now));
      }
      for (const sample of datagram.samples) if (sample.kind === "flow") told.push(...flow(sample, now));
      return told;
    },
  };
}
