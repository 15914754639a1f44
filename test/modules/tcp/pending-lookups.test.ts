// Answers that arrive after the send call, and answers that never arrive.

import { describe, expect, it } from "vitest";
import { makeBed } from "./bed.ts";
import { error } from "./kernel.ts";
import { connection, INFO, RECEIVED, received, SENT, sent, startedBeds } from "./packets.ts";

const { started, beds } = startedBeds();

describe("a late answer", () => {
  function late() {
    const bed = started();
    const withheld: Uint8Array[] = [];
    bed.kernel.connections.push(connection(1000, { info: INFO }), connection(1001, { info: INFO }));
    bed.kernel.tamper = (answer) => {
      withheld.push(answer);
      return [];
    };
    bed.write([sent(1000), received(1000), sent(1001)]);
    const [socket] = bed.host.sockets.open;
    const deliver = (...answers: Uint8Array[]) =>
      bed.host.sockets.deliver(socket!, ...answers.map((answer) => ({ bytes: answer })));
    return { ...bed, withheld, deliver };
  }

  it("holds its batch, which the last answer releases", () => {
    const { taken, withheld, deliver, host, counters } = late();
    host.clock.advance(0.3);
    deliver(withheld[1]!);
    expect(taken()).toEqual([]);
    deliver(withheld[0]!);
    expect(taken().map((record) => record?.dir)).toEqual([SENT, RECEIVED, SENT]);
    expect(counters()).toMatchObject({ lookups: 2, hits: 2, deadline: 0, strays: 0 });
  });

  it("holds no sample for longer than 400 ms", () => {
    const { taken, withheld, deliver, host, counters } = late();
    deliver(withheld[0]!);
    host.clock.advance(0.399);
    expect(taken()).toEqual([]);
    host.clock.advance(0.002);
    expect(taken().map((record) => record?.dir)).toEqual([SENT, RECEIVED, undefined]);
    expect(counters()).toMatchObject({ hits: 1, deadline: 1 });
  });

  it("is only counted after the deadline", () => {
    const bed = late();
    bed.host.clock.advance(0.5);
    bed.taken();
    bed.kernel.tamper = (answer) => [...bed.withheld.splice(0), answer];
    bed.kernel.connections.pop();
    bed.write([sent(1001)]);
    expect(bed.taken()).toEqual([undefined]);
    expect(bed.counters()).toMatchObject({ deadline: 2, strays: 2, notFound: 1 });
  });

  it("does not hold up later batches", () => {
    const bed = late();
    bed.kernel.tamper = (answer) => [answer];
    bed.write([sent(1000)]);
    expect(bed.taken().map((record) => record?.rtt)).toEqual([20_123]);
    bed.host.clock.advance(1);
    expect(bed.taken()).toHaveLength(3);
  });

  it("does not hold its batch if the receive buffer was full, because it never arrives", () => {
    const bed = started();
    bed.kernel.connections.push(connection(1000));
    bed.host.sockets.fail("receive", "ENOBUFS");
    bed.kernel.tamper = () => [];
    bed.write([sent(1000)]);
    expect(bed.taken()).toEqual([undefined]);
    expect(bed.said).toEqual(["connection lookup failed: the receive buffer is full, answers were lost"]);
  });
});

describe("an error of the kernel", () => {
  it.each([
    ["EPROTONOSUPPORT", "this kernel has no sock_diag: build it with CONFIG_INET_DIAG"],
    ["EACCES", "cannot open a netlink socket for inet_diag"],
  ] as const)("to open a socket with %s is logged once and retried, while samples go on", (code, reason) => {
    const bed = makeBed();
    bed.kernel.connections.push(connection(1000));
    bed.host.sockets.fail("socket", code, 2);
    void bed.running.start();
    beds.push(bed);
    bed.write([sent(1000)]);
    bed.write([sent(1000)]);
    bed.host.clock.advance(31);
    bed.write([sent(1000)]);
    expect(bed.taken()).toEqual([undefined, undefined, undefined]);
    expect(bed.said).toHaveLength(1);
    expect(bed.said[0]).toContain(reason);
    expect(bed.running.report?.().obstacle).toContain(reason);
    bed.host.clock.advance(31);
    bed.write([sent(1000)]);
    expect(bed.taken()[0]?.dir).toBe(SENT);
    expect(bed.counters()).toMatchObject({ errors: 3, hits: 1 });
    expect(bed.running.report?.().obstacle).toBe(undefined);
  });

  it("for lack of tcp_diag is not counted as a closed connection", () => {
    const bed = makeBed();
    bed.host.sockets.onOpen = (socket) => {
      socket.answer = () => [error(0, 2)];
    };
    void bed.running.start();
    beds.push(bed);
    bed.write([sent(1000)]);
    expect(bed.taken()).toEqual([undefined]);
    expect(bed.said).toEqual([
      "this kernel has no tcp_diag: load the module with modprobe tcp_diag, or build it in; " +
        "samples are sent without extended_tcp_info",
    ]);
  });

  it("in the send call is logged once, and samples are still sent", () => {
    const bed = started();
    bed.host.sockets.fail("send", "ENOMEM", 2);
    bed.write([sent(1000)]);
    bed.write([sent(1000)]);
    expect(bed.taken()).toEqual([undefined, undefined]);
    expect(bed.said).toEqual(["connection lookup failed: the request cannot be sent, errno 12"]);
  });
});
