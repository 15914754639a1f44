// The block json { } with real parts and sockets in memory: applications, counters, sampling, and refused messages.

import { describe, expect, test } from "vitest";
import { create } from "../../../agent/modules/json/index.ts";
import { makeFakeContext } from "../../fakes/context.ts";
import { makeFakeHost } from "../../fakes/host.ts";
import { COUNTER_SAMPLE, CUSTOM_FLOW, FLOW_SAMPLE, HTTP, METRICS } from "./messages.ts";

const INTERNAL = 0x3fff_ffff;
const CONFIG = { udpport: 36343, fifo: undefined, socket: undefined };

function start(config = CONFIG) {
  const host = makeFakeHost();
  const context = makeFakeContext({ host });
  const application = { sampling: 1, polling: 30 };
  Object.assign(context.settings, { application: () => application });
  const running = create(config, context);
  void running.start();
  const { sockets, clock } = host;
  const { agent, log } = context;
  const deliver = (bytes: Uint8Array) => {
    const [socket] = sockets.open;
    if (socket === undefined) throw new Error("no socket is open");
    sockets.deliver(socket, { bytes });
  };
  const send = (message: unknown) => deliver(Buffer.from(JSON.stringify(message)));
  return { host, running, sockets, clock, agent, log, send, deliver, application };
}

const operation = (more: object = {}, status = 0) => ({
  flow_sample: { app_name: "web", app_operation: { operation: "get", status }, ...more },
});

const poll = ({ agent }: ReturnType<typeof start>, source: string) => agent.sample(source);

describe("a message", () => {
  test("with all samples becomes samples of each kind", () => {
    const { agent, send, running } = start();
    send({ ...FLOW_SAMPLE, ...COUNTER_SAMPLE, ...METRICS, ...CUSTOM_FLOW });
    expect(agent.operations).toMatchObject([
      { source: "3:8080", samplingRate: 1, input: 0, output: INTERNAL, records: { length: 6 } },
    ]);
    expect(agent.pollers.get("3:8080")?.sampled.map((records) => records.map(({ type }) => type.format))).toEqual([
      [2202, 2203, 2206, 2002],
    ]);
    expect(agent.customs).toMatchObject([
      { kind: "metrics", dataSource: "ds1", fields: { length: 7 } },
      { kind: "flow", dataSource: "rf1", samplingRate: 10, fields: { length: 8 } },
    ]);
    expect(running.counters?.()).toMatchObject({
      ...{ messages: 1, flowSamples: 1, counterSamples: 1, metrics: 1, flows: 1, applications: 1, refusedEmpty: 0 },
    });
  });

  test("may have a header of syslog", () => {
    const { agent, deliver } = start();
    deliver(Buffer.from(`<190>Nov 30 21:00:00 nginx: ${JSON.stringify(HTTP)}`));
    expect(agent.operations).toMatchObject([{ source: "3:80" }]);
  });

  test("of a client has the ports of the other direction", () => {
    const { agent, send } = start();
    send(operation({ client: true }));
    expect(agent.operations).toMatchObject([{ input: INTERNAL, output: 0 }]);
  });

  test("that is refused is counted, and logged once a minute and kind, with sender and place", async () => {
    const { send, running, log, clock, deliver, agent } = start();
    const bad = { flow_sample: { app_name: "shop", app_operation: { status: -1 } } };
    const badPlace = "flow_sample.app_operation.status: expected a whole number from 0 to 4294967295, got -1";
    send(bad);
    send(bad);
    deliver(Buffer.from("nonsense"));
    await clock.advance(61);
    send(bad);
    expect(log.lines.filter((line) => line.startsWith("warn"))).toEqual([
      `warn: UDP 127.0.0.1:36343: message from "shop" refused: ${badPlace}`,
      expect.stringContaining("UDP 127.0.0.1:36343: message refused: Unexpected token"),
      `warn: UDP 127.0.0.1:36343: message from "shop" refused: ${badPlace} (1 more times since the last message)`,
    ]);
    expect(running.counters?.()).toMatchObject({ messages: 4, refusedBadValue: 3, refusedNotJson: 1, flowSamples: 0 });
    expect(agent.operations).toEqual([]);
  });

  test("longer than the limit is refused", () => {
    const { send, running } = start();
    send(operation({ pad: "x".repeat(16_384) }));
    expect(running.counters?.()).toMatchObject({ refusedTooLong: 1, flowSamples: 0 });
  });
});

describe("an application", () => {
  test("without a port is 3:150000 and up, and keeps its number", () => {
    const { agent, send } = start();
    for (const app_name of ["a", "b", "a"]) send(operation({ app_name }));
    expect(agent.operations.map(({ source }) => source)).toEqual(["3:150000", "3:150001", "3:150000"]);
  });

  test("cannot have the port of another, and stays if its own port changes", () => {
    const { agent, send, running, log } = start();
    send(operation({ app_name: "a", service_port: 80 }));
    send(operation({ app_name: "b", service_port: 80 }));
    send(operation({ app_name: "a", service_port: 81 }));
    send(operation({ app_name: "b", service_port: 81 }));
    expect(agent.operations.map(({ source }) => source)).toEqual(["3:80", "3:80", "3:81"]);
    expect(running.counters?.()).toMatchObject({ refusedPortTaken: 1, portChanged: 1 });
    expect(log.lines.join("\n")).toContain('from "b" refused: service_port 80 belongs to application "a"');
  });

  test("is refused if there are 1000 others", () => {
    const { send, running } = start();
    for (let i = 0; i <= 1000; i++) send(operation({ app_name: `a${i}` }));
    expect(running.counters?.()).toMatchObject({ applications: 1000, refusedTooManyApplications: 1 });
  });

  test("is forgotten after two hours of silence, and its port is free", async () => {
    const { agent, send, running, clock } = start();
    send(operation({ service_port: 80 }));
    await clock.advance(7100);
    send(operation({ app_name: "other" }));
    await clock.advance(700);
    expect(agent.forgotten).toEqual(["3:80"]);
    send(operation({ app_name: "new", service_port: 80 }));
    expect(running.counters?.()).toMatchObject({ applications: 2, forgotten: 1, refusedPortTaken: 0 });
  });

  test("is in the table of status, and gone after a stop", () => {
    const { send, running, agent } = start();
    send(operation({ service_port: 80, sampling_rate: 3 }));
    expect(running.report?.().tables?.[0]?.rows).toEqual([["web", "3:80", 1, 3, 1, 0]]);
    void running.stop();
    expect(agent.forgotten).toEqual(["3:80"]);
  });
});

describe("counters", () => {
  test("are kept by the agent if the application sends none: by outcome, and by request", () => {
    const bed = start();
    bed.send(operation({ sampling_rate: 4 }, 8));
    bed.send(operation({}, 0));
    bed.send({ flow_sample: { app_name: "h", service_port: 80, http_request: { method: "POST", status: 503 } } });
    expect(poll(bed, "3:150000")).toEqual({
      app_operations: expect.objectContaining({ application: "web", success: 1, not_found: 4, timeout: 0 }),
      host_parent: { container_type: 2, container_index: 1 },
    });
    expect(poll(bed, "3:80")).toEqual({
      http_counters: expect.objectContaining({ method_post_count: 1, status_5XX_count: 1, method_get_count: 0 }),
      host_parent: expect.anything(),
    });
  });

  test("of the application silence those of the agent for two minutes, and restart the sequence at each change", async () => {
    const bed = start();
    const { agent, send, clock } = bed;
    send(operation({ service_port: 8080, app_name: "myapp" }));
    expect(poll(bed, "3:8080")).toHaveProperty("app_operations");
    const poller = agent.pollers.get("3:8080");
    const before = poller?.subject;
    send(COUNTER_SAMPLE);
    expect(poller?.subject).not.toBe(before);
    await clock.advance(119);
    expect(poll(bed, "3:8080")).toEqual({});
    await clock.advance(2);
    expect(poll(bed, "3:8080")).toHaveProperty("app_operations");
    expect(poller?.subject).toBe(before);
  });

  test("that lack the operations are sent with those that the agent keeps", () => {
    const { agent, send } = start();
    send(operation({ service_port: 8080, app_name: "myapp" }));
    const { app_operations: _, ...others } = COUNTER_SAMPLE.counter_sample;
    send({ counter_sample: others });
    const [records] = agent.pollers.get("3:8080")?.sampled ?? [];
    expect(records?.find(({ type }) => type.format === 2202)?.value).toMatchObject({ success: 1, other: 0 });
  });

  test("are polled as the settings say, also after a reload", () => {
    const { agent, send, application, running } = start();
    send(operation());
    expect(agent.pollers.get("3:150000")?.polling).toBe(30);
    application.polling = 20;
    void running.reconfigure?.(CONFIG);
    expect(agent.pollers.get("3:150000")?.polling).toBe(20);
  });
});

describe("sampling", () => {
  test("draws 1 in N of what the application sends, and counts all in the pool", () => {
    const { agent, send, application, host } = start();
    application.sampling = 10;
    host.randoms.push(0, 1, 4, 0);
    for (let i = 0; i < 4; i++) send(operation({ sampling_rate: 2 }));
    expect(agent.operations.map(({ samplingRate }) => samplingRate)).toEqual([10, 10]);
    expect(agent.pools.get("3:150000")).toBe(8);
  });

  test("takes all if the application samples at a higher rate, and none at 0", () => {
    const { agent, send, application, running } = start();
    application.sampling = 10;
    send(operation({ sampling_rate: 100 }));
    expect(agent.operations).toMatchObject([{ samplingRate: 100 }]);
    application.sampling = 0;
    void running.reconfigure?.(CONFIG);
    send(operation());
    expect(agent.operations).toHaveLength(1);
  });
});

describe("inputs", () => {
  test("are tried again, and the obstacle is reported with its remedy until then", async () => {
    const host = makeFakeHost();
    host.sockets.fail("bind", "EADDRINUSE", 1);
    const context = makeFakeContext({ host });
    const running = create(CONFIG, context);
    void running.start();
    expect(running.report?.()).toMatchObject({
      obstacle: expect.stringMatching(/^UDP 127.0.0.1:36343: .*EADDRINUSE/),
      remedy: "choose another one: another process uses it",
    });
    await host.clock.advance(6);
    expect(running.report?.().obstacle).toBeUndefined();
    expect(host.sockets.open).toHaveLength(2);
  });

  test("of IPv6 may be missing", () => {
    const host = makeFakeHost();
    const context = makeFakeContext({ host });
    host.sockets.onOpen = () => {
      if (host.sockets.opened.length === 2) host.sockets.fail("bind", "EADDRNOTAVAIL");
    };
    const running = create(CONFIG, context);
    void running.start();
    expect(running.report?.().obstacle).toBeUndefined();
    expect(context.log.lines).toEqual(["info: receiving on UDP 127.0.0.1:36343"]);
  });

  test("that are none are reported", () => {
    const { running } = start({ ...CONFIG, udpport: 0 } as typeof CONFIG);
    expect(running.report?.()).toMatchObject({ obstacle: "nothing can send to it" });
  });

  test("stay open when only settings change, and are replaced with the port", () => {
    const { running, sockets } = start();
    const before = sockets.open;
    void running.reconfigure?.(CONFIG);
    expect(sockets.open).toEqual(before);
    void running.reconfigure?.({ ...CONFIG, udpport: 36344 });
    expect(sockets.open.some((socket) => before.includes(socket))).toBe(false);
  });
});
