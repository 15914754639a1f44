// Packets of connections between this host and another host, and the sockets of these connections.

import { afterEach, expect } from "vitest";
import { ethernet, hex, ipv4, tcp } from "../../packet/frames.ts";
import { HOST_ADDRESS, makeBed } from "./bed.ts";
import type { Connection } from "./kernel.ts";

export const PEER = "c6336402";
export const PEER_6 = `20010db8${"0".repeat(23)}2`;
export const SENT = 2;
export const RECEIVED = 1;

/** Returns a packet 192.0.2.1:port -> 198.51.100.2:443; `received` returns one in the reverse direction. */
export const sent = (port: number) => ({ frame: hex(ethernet("0800"), ipv4("06"), tcp(port, 443)), direction: SENT });
export const backwards = ipv4("06").replace(HOST_ADDRESS + PEER, PEER + HOST_ADDRESS);
export const received = (port: number) => ({
  frame: hex(ethernet("0800"), backwards, tcp(443, port)),
  direction: RECEIVED,
});

export const connection = (localPort: number, more: Partial<Connection> = {}): Connection => ({
  local: HOST_ADDRESS,
  localPort,
  remote: PEER,
  remotePort: 443,
  ...more,
});

export const INFO = {
  tcpi_snd_mss: 1448,
  tcpi_rcv_mss: 536,
  tcpi_unacked: 3,
  tcpi_lost: 1,
  tcpi_retrans: 99,
  tcpi_total_retrans: 7,
  tcpi_pmtu: 1500,
  tcpi_rtt: 20_123,
  tcpi_rttvar: 456,
  tcpi_snd_cwnd: 10,
  tcpi_reordering: 4,
  tcpi_min_rtt: 0xffff_ffff,
};

/** Starts the block. Checks after the test that everything it opened is closed. */
export function startedBeds() {
  const beds: ReturnType<typeof makeBed>[] = [];
  const started = (...options: Parameters<typeof makeBed>) => {
    const bed = makeBed(...options);
    void bed.running.start();
    beds.push(bed);
    return bed;
  };
  afterEach(() => {
    for (const { running, host } of beds.splice(0)) {
      void running.stop();
      expect(host.sockets.open).toEqual([]);
      expect(host.clock.timers).toBe(0);
    }
  });
  return { started, beds };
}
