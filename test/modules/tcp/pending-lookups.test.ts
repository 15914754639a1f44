// Answers that a kernel does not give inside the send, and answers that it does not give at all.

import { describe, expect, it } from "vitest";
import { makeBed } from "./bed.ts";
import { error } from "./kernel.ts";
import { connection, INFO, RECEIVED, received, SENT, sent, startedBeds } from "./packets.ts";

const { started, beds } = startedBeds();

describe("an answer that is late", () => {
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

  it("is waited for, and releases the batch when it was the last", () => {
    const { taken, withheld, deliver, host, counters } = late();
    host.clock.advance(0.3);
    deliver(withheld[1]!);
    expect(taken()).toEqual([]);
    deliver(withheld[0]!);
    expect(taken().map((record) => record?.dir)).toEqual([SENT, RECEIVED, SENT]);
    expect(counters()).toMatchObject({ lookups: 2, hits: 2, deadline: 0, strays: 0 });
  });

  it("does not keep a sample for longer than 400 ms", () => {
    const { taken, withheld, deliver, host, counters } = late();
    deliver(withheld[0]!);
    host.clock.advance(0.399);
    expect(taken()).toEqual([]);
    host.clock.advance(0.002);
    expect(taken().map((record) => record?.dir)).toEqual([SENT, RECEIVED, undefined]);
    expect(counters()).toMatchObject({ hits: 1, deadline: 1 });
  });

  it("after its deadline touches nothing, and is counted", () => {
    const bed = late();
    bed.host.clock.advance(0.5);
    bed.taken();
    bed.kernel.tamper = (answer) => [...bed.withheld.splice(0), answer];
    bed.kernel.connections.pop();
    bed.write([sent(1001)]);
    expect(bed.taken()).toEqual([undefined]);
    expect(bed.counters()).toMatchObject({ deadline: 2, strays: 2, notFound: 1 });
  });

  it("lets batches behind it go on", () => {
    const bed = late();
    bed.kernel.tamper = (answer) => [answer];
    bed.write([sent(1000)]);
    expect(bed.taken().map((record) => record?.rtt)).toEqual([20_123]);
    bed.host.clock.advance(1);
    expect(bed.taken()).toHaveLength(3);
  });

  it("that will never come, for want of room, is not waited for", () => {
    const bed = started();
    bed.kernel.connections.push(connection(1000));
    bed.host.sockets.fail("receive", "ENOBUFS");
    bed.kernel.tamper = () => [];
    bed.write([sent(1000)]);
    expect(bed.taken()).toEqual([undefined]);
    expect(bed.said).toEqual(["inet_diag: no room for answers"]);
  });
});

describe("what the kernel refuses", () => {
  it.each([
    ["EPROTONOSUPPORT", "this kernel has no sock_diag, build it with CONFIG_INET_DIAG"],
    ["EACCES", "no netlink socket to inet_diag"],
  ] as const)("a socket with %s: said once, samples go on, tried again later", (code, reason) => {
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

  it("an answer of tcp_diag: told apart from a connection that is gone", () => {
    const bed = makeBed();
    bed.host.sockets.onOpen = (socket) => {
      socket.answer = () => [error(0, 2)];
    };
    void bed.running.start();
    beds.push(bed);
    bed.write([sent(1000)]);
    expect(bed.taken()).toEqual([undefined]);
    expect(bed.said).toEqual([
      "this kernel has no tcp_diag, load the module or build it in; samples go without extended_tcp_info",
    ]);
  });

  it("a send: said once, samples go on", () => {
    const bed = started();
    bed.host.sockets.fail("send", "ENOMEM", 2);
    bed.write([sent(1000)]);
    bed.write([sent(1000)]);
    expect(bed.taken()).toEqual([undefined, undefined]);
    expect(bed.said).toEqual(["inet_diag: errno 12 of send"]);
  });
});
