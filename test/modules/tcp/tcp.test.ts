// Sampled packets get the figures of their own connection, without delay.

import { describe, expect, it } from "vitest";
import { ethernet, hex, ipv4, ipv6, tcp, udp } from "../../packet/frames.ts";
import { HOST_ADDRESS, HOST_ADDRESS_6, makeBed } from "./bed.ts";
import { error } from "./kernel.ts";
import { connection, INFO, PEER_6, RECEIVED, received, SENT, sent, startedBeds } from "./packets.ts";

const { started, beds } = startedBeds();

describe("a connection of the host", () => {
  it("yields every field, in both directions", () => {
    const bed = started();
    bed.kernel.connections.push(connection(1000, { info: INFO }));
    bed.write([sent(1000), received(1000)]);
    const figures = {
      snd_mss: 1448,
      rcv_mss: 536,
      unacked: 3,
      lost: 1,
      retrans: 7,
      pmtu: 1500,
      rtt: 20_123,
      rttvar: 456,
      snd_cwnd: 10,
      reordering: 4,
      min_rtt: 0xffff_ffff,
    };
    expect(bed.taken()).toEqual([
      { dir: SENT, ...figures },
      { dir: RECEIVED, ...figures },
    ]);
  });

  it("is found over IPv6, and over IPv4 of an IPv6 socket", () => {
    const bed = started();
    bed.kernel.connections.push(
      { local: HOST_ADDRESS_6, localPort: 1000, remote: PEER_6, remotePort: 443, info: { tcpi_rtt: 6 } },
      connection(1001, { mapped: true, info: { tcpi_rtt: 64 } }),
    );
    const frame = hex(ethernet("86dd"), ipv6("06"), tcp(1000, 443));
    bed.write([{ frame, direction: SENT }, sent(1001)]);
    expect(bed.taken().map((record) => record?.rtt)).toEqual([6, 64]);
  });

  it("is found by its addresses if the direction is unknown", () => {
    const bed = started();
    bed.kernel.connections.push(connection(1000));
    bed.write([
      { ...sent(1000), direction: 0 },
      { ...received(1000), direction: 0 },
    ]);
    expect(bed.taken().map((record) => record?.dir)).toEqual([SENT, RECEIVED]);
  });

  it("is looked up once per batch, in one message with all other connections", () => {
    const bed = started();
    for (let port = 0; port < 100; port++) bed.kernel.connections.push(connection(port, { info: { tcpi_rtt: port } }));
    const packets = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? sent(i >> 1) : received(i >> 1)));
    bed.write(packets);
    expect(bed.taken().map((record) => record?.rtt)).toEqual(packets.map((_, i) => i >> 1));
    expect(bed.kernel).toMatchObject({ questions: 100, messages: 1 });
    expect(bed.counters()).toMatchObject({ samples: 200, annotated: 200, lookups: 100, hits: 100, notFound: 0 });
  });

  it("is looked up in one of several messages if the receive buffer is small", () => {
    const bed = makeBed();
    const open = bed.host.sockets.onOpen;
    bed.host.sockets.onOpen = (socket) => {
      open(socket);
      socket.options.set("1/8", new Uint8Array(Int32Array.of(3072 * 8).buffer));
    };
    for (let port = 0; port < 20; port++) bed.kernel.connections.push(connection(port, { info: { tcpi_rtt: port } }));
    void bed.running.start();
    beds.push(bed);
    bed.write(Array.from({ length: 20 }, (_, i) => sent(i)));
    expect(bed.taken().map((record) => record?.rtt)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(bed.kernel.messages).toBe(3);
  });

  it("has the fields of struct tcp_info on older and newer kernels", () => {
    const bed = started();
    bed.kernel.connections.push(
      connection(1000, { info: INFO, infoBytes: 104 }),
      connection(1001, { info: INFO, infoBytes: 70 }),
      connection(1002, { info: INFO, infoBytes: 900 }),
    );
    bed.write([sent(1000), sent(1001), sent(1002)]);
    expect(bed.taken()).toMatchObject([
      { retrans: 7, rtt: 20_123, min_rtt: 0 },
      { pmtu: 1500, rtt: 0, snd_cwnd: 0, retrans: 0 },
      { retrans: 7, min_rtt: 0xffff_ffff },
    ]);
  });
});

describe("a sample has no figures, and no delay,", () => {
  it("if the socket is closed, in TIME_WAIT, or a listener answers", () => {
    const bed = started();
    bed.kernel.connections.push(connection(1001, { infoBytes: 0, state: 6 }), connection(1002, { state: 10 }));
    bed.write([sent(1000), sent(1001), sent(1002)]);
    expect(bed.taken()).toEqual([undefined, undefined, undefined]);
    expect(bed.counters()).toMatchObject({ lookups: 3, notFound: 3, errors: 0, deadline: 0 });
  });

  it("if an answer has other addresses than its request", () => {
    const bed = started();
    bed.kernel.connections.push(connection(1000));
    bed.kernel.tamper = (answer) => {
      answer[40] = 1;
      return [answer];
    };
    bed.write([sent(1000)]);
    expect(bed.taken()).toEqual([undefined]);
    expect(bed.counters()).toMatchObject({ notFound: 1 });
  });

  it("if it is in transit, UDP, or a fragment without ports", () => {
    const bed = started();
    const transit = hex(ethernet("0800"), ipv4("06").replace(HOST_ADDRESS, "0a000001"), tcp(1, 2));
    const fragment = hex(ethernet("0800"), ipv4("06", "0010"), tcp(1000, 443));
    const datagram = hex(ethernet("0800"), ipv4("11"), udp(1000, 443));
    bed.kernel.connections.push(connection(1000));
    bed.write([transit, fragment, datagram].map((frame) => ({ frame, direction: SENT })));
    expect(bed.taken()).toEqual([undefined, undefined, undefined]);
    expect(bed.counters()).toMatchObject({ samples: 1, transit: 1, lookups: 0 });
  });

  it("if the kernel answers with another error, which is logged once", () => {
    const bed = started();
    bed.kernel.tamper = (answer) => [error(new DataView(answer.buffer).getUint32(8, true), 22)];
    bed.write([sent(1000), sent(1001)]);
    expect(bed.taken()).toEqual([undefined, undefined]);
    expect(bed.said).toEqual(["connection lookup failed: errno 22"]);
    expect(bed.counters()).toMatchObject({ errors: 2 });
  });

  it("if an answer is truncated, which is logged once", () => {
    const bed = started();
    bed.kernel.connections.push(connection(1000), connection(1001));
    bed.kernel.tamper = (answer) => [answer.slice(0, 100)];
    bed.write([sent(1000), sent(1001)]);
    expect(bed.taken()).toEqual([undefined, undefined]);
    expect(bed.said).toEqual(["connection lookup failed: malformed answer"]);
  });
});
