// Parses `ss -tin` into numbers with the names of extended_tcp_info. ss(8).

import { expect } from "vitest";
import type { TcpInfo, TcpSample } from "./tcp-samples.ts";
import type { Heard } from "./tcp-talk.ts";

/** ss omits values of 0, and a reordering of 3, the kernel's default. Round-trip times are in milliseconds. */
export function ssInfo(text: string): TcpInfo {
  const value = (pattern: RegExp, otherwise = 0) => Number(pattern.exec(text)?.[1] ?? otherwise);
  return {
    snd_mss: value(/ mss:(\d+)/),
    rcv_mss: value(/ rcvmss:(\d+)/),
    unacked: value(/ unacked:(\d+)/),
    lost: value(/ lost:(\d+)/),
    retrans: value(/ retrans:\d+\/(\d+)/),
    pmtu: value(/ pmtu:(\d+)/),
    rtt: Math.round(value(/ rtt:([\d.]+)/) * 1000),
    rttvar: Math.round(value(/ rtt:[\d.]+\/([\d.]+)/) * 1000),
    snd_cwnd: value(/ cwnd:(\d+)/),
    reordering: value(/ reordering:(\d+)/, 3),
    min_rtt: Math.round(value(/ minrtt:([\d.]+)/) * 1000),
  };
}

/** Returns the last sample of the connection before `ss` ran; its sockets have not changed since. */
export function lastBefore(samples: readonly TcpSample[], { time, port }: Heard): TcpSample | undefined {
  const own = samples.filter(
    ({ source, destination, taken }) => taken < time && [source, destination].some((end) => end.endsWith(`:${port}`)),
  );
  return own.sort((a, b) => a.taken - b.taken).at(-1);
}

/** Returns every field but the direction, from `ss` and from the sample. */
export function compared(samples: readonly TcpSample[], looks: readonly Heard[]) {
  return looks.map((heard) => {
    const { dir: _, ...info } = lastBefore(samples, heard)?.info ?? {};
    return { ss: ssInfo(heard.ss), sample: info };
  });
}

/**
 * What was sampled at interface `tap` is what `ss` saw of the socket, which the MTU of its path may tell from others.
 */
export function expectSame(samples: readonly TcpSample[], tap: number, looks: readonly Heard[], pmtu: number): void {
  const pairs = compared(
    samples.filter((sample) => sample.tap === tap),
    looks,
  );
  expect(
    pairs.map(({ sample }) => sample),
    `at interface ${tap}: ${looks[0]?.ss}`,
  ).toEqual(pairs.map(({ ss }) => ss));
  expect(pairs[0]?.sample).toMatchObject({ pmtu });
}
