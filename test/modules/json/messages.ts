// Messages for tests: those that hsflowd documents, with every key, and random ones.

export const FLOW_SAMPLE = {
  flow_sample: {
    ...{ app_name: "myapp", service_port: 8080, client: false, sampling_rate: 1 },
    app_operation: {
      ...{ operation: "search", attributes: "q=sflow", status_descr: "OK", status: 0 },
      ...{ req_bytes: 120, resp_bytes: 4000, uS: 1500 },
    },
    app_parent_context: { application: "front", operation: "page", attributes: "a=1" },
    app_initiator: { actor: "ann" },
    app_target: { actor: "db" },
    extended_socket_ipv4: {
      ...{ protocol: 6, local_ip: "10.0.0.1", remote_ip: "10.0.0.2", local_port: 8080, remote_port: 40000 },
    },
    extended_socket_ipv6: {
      ...{ protocol: 6, local_ip: "2001:db8::1", remote_ip: "2001:db8::2", local_port: 8080, remote_port: 40001 },
    },
  },
};

export const COUNTER_SAMPLE = {
  counter_sample: {
    ...{ app_name: "myapp", service_port: 8080 },
    app_operations: {
      ...{ success: 1, other: 2, timeout: 3, internal_error: 4, bad_request: 5, forbidden: 6, too_large: 7 },
      ...{ not_implemented: 8, not_found: 9, unavailable: 10, unauthorized: 11 },
    },
    app_resources: {
      ...{ user_time: 1, system_time: 2, mem_used: 3, mem_max: 4, fd_open: 5, fd_max: 6, conn_open: 7, conn_max: 8 },
    },
    app_workers: { workers_active: 1, workers_idle: 2, workers_max: 3, req_delayed: 4, req_dropped: 5 },
  },
};

export const METRICS = {
  rtmetric: {
    datasource: "ds1",
    state: { type: "string", value: "up" },
    hits: { type: "counter32", value: 7 },
    bytes: { type: "counter64", value: "18446744073709551615" },
    users: { type: "gauge32", value: "0x10" },
    size: { type: "gauge64", value: 2 ** 53 },
    load: { type: "gaugeFloat", value: 0.5 },
    ratio: { type: "gaugeDouble", value: "0.25" },
  },
};

export const CUSTOM_FLOW = {
  rtflow: {
    ...{ datasource: "rf1", sampling_rate: 10 },
    user: { type: "string", value: "ann" },
    mac: { type: "mac", value: "00:11:22-33.44 55" },
    from: { type: "ip", value: "10.1.2.3" },
    to: { type: "ip6", value: "2001:db8::1" },
    count: { type: "int32", value: -1 },
    bytes: { type: "int64", value: 5 },
    cost: { type: "float", value: 1.5 },
    time: { type: "double", value: 2.5 },
  },
};

/** The text of a message, with a whole number that JavaScript cannot hold. */
export const METRICS_TEXT = JSON.stringify(METRICS).replace("9007199254740992", "9007199254740993");

export const HTTP = {
  flow_sample: {
    ...{ app_name: "nginx", service_port: 80 },
    http_request: {
      ...{ method: "GET", protocol: "HTTP/1.1", uri: "/a?b", host: "example.com", referer: "r", useragent: "u" },
      ...{ xff: "x", authuser: "me", mime_type: "text/html", req_bytes: "", resp_bytes: 612, seconds: 0.002 },
      status: 404,
    },
    extended_socket: {
      ...{ protocol: 6, local_ip: "::1", remote_ip: "::1", local_port: 80, remote_port: 5000 },
    },
  },
};

type Random = (below: number) => number;

const CHARACTERS = ["a", "Z", "0", "-", " ", '"', "\\", "\n", "é", "漢", "😀", "\ud800", "\u0001"];

const randomText = (random: Random, most: number): string =>
  Array.from({ length: random(most + 1) }, () => CHARACTERS[random(CHARACTERS.length)]).join("");

function randomFields(random: Random, table: Readonly<Record<string, () => unknown>>): Record<string, unknown> {
  const types = Object.keys(table);
  const fields = Array.from({ length: 1 + random(30) }, (_, i) => {
    const type = types[random(types.length)] ?? "";
    return [`f${i}`, { type, value: table[type]?.() }] as const;
  });
  return Object.fromEntries(fields);
}

/** Returns some of the entries of an object, in another order. */
const some = <T extends object>(random: Random, all: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(all)
      .filter(() => random(3) > 0)
      .sort(() => random(3) - 1),
  ) as Partial<T>;

/** Returns a valid message. `random` returns a whole number below its argument. */
export function randomMessage(random: Random): Record<string, unknown> {
  const u32 = () => random(2 ** 32);
  const string = () => randomText(random, 40);
  const { flow_sample: flow } = FLOW_SAMPLE;
  const { counter_sample: counters } = COUNTER_SAMPLE;
  const name = `app${random(5)}`;
  const operation = { ...flow.app_operation, operation: randomText(random, 60), attributes: randomText(random, 400) };
  const request = { ...HTTP.flow_sample.http_request, uri: randomText(random, 400), host: randomText(random, 100) };
  const { app_operation: _, service_port: __, ...parts } = flow;
  return some(random, {
    flow_sample: {
      ...some(random, parts),
      ...{ app_name: name, sampling_rate: 1 + random(5) },
      ...(random(2) === 0 ? { app_operation: some(random, operation) } : { http_request: some(random, request) }),
    },
    counter_sample: { ...some(random, counters), app_name: name, service_port: undefined },
    rtmetric: {
      datasource: `d${random(9)}`,
      ...randomFields(random, {
        ...{ string, counter32: u32, counter64: u32, gauge32: u32, gauge64: u32, gaugeFloat: u32, gaugeDouble: u32 },
      }),
    },
    rtflow: {
      sampling_rate: u32(),
      ...randomFields(random, {
        ...{ string, mac: () => "001122334455", ip: () => "192.0.2.1", ip6: () => "2001:db8::1" },
        ...{ int32: u32, int64: u32, float: u32, double: u32 },
      }),
    },
    unknown: null,
  });
}
