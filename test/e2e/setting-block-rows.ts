// Changes of the options of blocks, and blocks that are added and removed: by `KEYWORD` and `KEYWORD KEY`.

import { alone, asks, block, inside, LO, lo, type Row, type Seen, tap, UDP } from "./setting-row.ts";

const second = ({ status }: Seen) => status.modules.flatMap(({ report }) => report.collectors ?? [])[1];
const other = (more: string) => inside("collector", "ip = 127.0.0.1 udpport = 4001", more);

const collector: Readonly<Record<string, Row>> = {
  collector: {
    ...alone("collector { ip = 127.0.0.1 udpport = 4001 }"),
    is: (seen) => (second(seen)?.sent ?? 0) > 0,
    touches: UDP,
  },
  "collector ip": {
    ...other("ip = 127.0.0.2 udpport = 4001"),
    is: (seen) => second(seen)?.name === "127.0.0.2:4001",
    touches: UDP,
  },
  "collector udpport": {
    ...other("ip = 127.0.0.1 udpport = 4002"),
    is: (seen) => second(seen)?.name === "127.0.0.1:4002",
    touches: UDP,
  },
  "collector dev": {
    ...other("ip = 127.0.0.1 udpport = 4001 dev = eth7"),
    is: (seen) => second(seen)?.obstacle?.includes("no interface eth7") === true,
    touches: UDP,
  },
  "collector namespace": {
    ...other("ip = 127.0.0.1 udpport = 4001 namespace = nowhere"),
    is: (seen) => second(seen)?.open === false,
    touches: UDP,
  },
  "collector samples": {
    ...other("ip = 127.0.0.1 udpport = 4001 samples = compact"),
    is: ({ status }) => status.modules.some(({ counters }) => Object.keys(counters).includes("127.0.0.1:4001 leftOut")),
    touches: UDP,
  },
  "collector segmentation": {
    ...other("ip = 127.0.0.1 udpport = 4001 segmentation = on"),
    is: (seen) => second(seen)?.open === true,
    eitherWay: true,
    touches: UDP,
  },
};

const json: Readonly<Record<string, Row>> = {
  json: { ...alone("json { udpport = 4005 }"), is: (seen) => block(seen, "json") !== undefined, touches: UDP },
  "json udpport": { ...inside("json", "udpport = 4005", "udpport = 4006"), touches: UDP },
  "json fifo": {
    ...inside("json", "udpport = 4005", "udpport = 4005 fifo = /run/nobody/json.fifo"),
    is: (seen) => block(seen, "json")?.report.obstacle?.includes("/run/nobody/json.fifo") === true,
    touches: UDP,
  },
  "json socket": {
    ...inside("json", "udpport = 4005", "udpport = 4005 socket = /run/nobody/json.sock"),
    is: (seen) => block(seen, "json")?.report.obstacle?.includes("/run/nobody/json.sock") === true,
    touches: UDP,
  },
};

const anotherServer: Pick<Row, "is" | "eitherWay" | "touches"> = {
  is: ({ changed }) => changed.includes("tcp 9536"),
  eitherWay: true,
  touches: /^tcp 9536$/,
};

const another = ({ changed }: Seen): boolean => changed.includes("packet lo");

const pcap: Readonly<Record<string, Row>> = {
  pcap: { ...alone("pcap { dev = lo }"), is: (seen) => tap(seen, "lo")?.state === "sampled", touches: LO },
  "pcap dev": {
    ...inside("pcap", "dev = lo", "dev = eth1"),
    is: (seen) => tap(seen, "eth1")?.state === "sampled" && tap(seen, "lo")?.state === "unmatched",
    touches: /^packet (lo|eth1)$/,
  },
  "pcap dev.pattern": {
    ...inside("pcap", "dev.pattern = ^x", "dev.pattern = ^l"),
    is: (seen) => tap(seen, "lo")?.state === "sampled",
    touches: LO,
  },
  "pcap dynamic": {
    ...lo("dynamic = on"),
    is: (seen) => tap(seen, "lo")?.why.includes("dynamic=on") === true,
    touches: LO,
  },
  "pcap promisc": { ...lo("promisc = on"), is: another, eitherWay: true, touches: LO },
  "pcap vport": { ...lo("vport = on"), is: another, eitherWay: true, touches: LO },
  "pcap speed": {
    ...lo("speed = 1G-"),
    is: (seen) => tap(seen, "lo")?.why.includes("its speed") === true,
    touches: LO,
  },
  "pcap sampling": { ...lo("sampling = 5"), is: (seen) => tap(seen, "lo")?.rate === 5, touches: LO },
  "pcap sampling.limit": {
    ...alone("pcap { dev = eth0 sampling = 1 sampling.limit = 50 }"),
    is: (seen) => (tap(seen, "eth0")?.rateInForce ?? 0) > 1,
  },
  "pcap engine": {
    ...lo("engine = libpcap"),
    is: (seen) => tap(seen, "lo")?.engine === "libpcap",
    touches: LO,
  },
};

/** The tap of epcap { } on lo or eth1. */
const program = ({ status }: Seen, name = "lo") =>
  status.modules.find((module) => module.name === "epcap")?.report.taps?.find((one) => one.interface === name);
const lets = (more: string) => inside("epcap", "dev = lo", `dev = lo ${more}`);
const sampled = (seen: Seen): boolean => program(seen)?.state === "sampled";

const epcap: Readonly<Record<string, Row>> = {
  epcap: { ...alone("epcap { dev = lo }"), is: sampled },
  "epcap dev": {
    ...inside("epcap", "dev = lo", "dev = eth1"),
    is: (seen) => program(seen, "eth1")?.state === "sampled",
  },
  "epcap dev.pattern": { ...inside("epcap", "dev.pattern = ^x", "dev.pattern = ^l"), is: sampled },
  "epcap dynamic": { ...lets("dynamic = on"), is: (seen) => program(seen)?.why.includes("dynamic=on") === true },
  "epcap promisc": {
    ...lets("promisc = on"),
    is: ({ changed }) => changed.includes("packet 0"),
    eitherWay: true,
    touches: /^packet 0$/,
  },
  "epcap vport": { ...lets("vport = on"), is: sampled, eitherWay: true },
  "epcap speed": { ...lets("speed = 1G-"), is: (seen) => program(seen)?.why.includes("its speed") === true },
  "epcap sampling": { ...lets("sampling = 5"), is: (seen) => program(seen)?.rate === 5 },
  "epcap sampling.limit": {
    ...alone("epcap { dev = eth0 sampling = 1 sampling.limit = 50 }"),
    is: (seen) => (program(seen, "eth0")?.rateInForce ?? 0) > 1,
  },
};

const DIAGNOSIS = /^netlink 4$/;
const lookups = ({ changed }: Seen): boolean => changed.includes("netlink 4");
/** The agent looks for it again and again. */
const ENGINE = /^another$/;
const NO_ENGINE = "socket = /run/nobody/docker.sock";

/** The kernel of this machine has no psample channel: the block asks for it again and again. */
const GENERIC = /^netlink 16$/;
const noChannel = (seen: Seen): boolean => block(seen, "psample")?.report.obstacle !== undefined;

const psample: Readonly<Record<string, Row>> = {
  psample: { ...alone("psample { }"), is: noChannel, touches: GENERIC },
  // Their effect is seen on a kernel with the channel: test/vm/guest/psample.test.ts.
  "psample group": { ...inside("psample", "", "group = 5"), touches: GENERIC },
  "psample ingress": { ...inside("psample", "", "ingress = off"), touches: GENERIC },
  "psample egress": { ...inside("psample", "", "egress = on"), touches: GENERIC },
};

/** Connections to the bus, questions about local sockets, and those inside namespaces of services. */
const SYSTEMD = /^(another|udp|netlink (0|4))$/;

const systemd: Readonly<Record<string, Row>> = {
  systemd: { ...alone("systemd { }"), is: (seen) => block(seen, "systemd") !== undefined, touches: SYSTEMD },
  // Their effect is seen with systemd: test/vm/services.ts.
  "systemd refreshVMs": { ...inside("systemd", "", "refreshVMs = 90"), touches: SYSTEMD },
  "systemd markTraffic": { ...inside("systemd", "", "markTraffic = on"), touches: SYSTEMD },
  "systemd dropPriv": { ...inside("systemd", "", "dropPriv = on"), touches: SYSTEMD },
  "systemd cgroup_procs": { ...inside("systemd", "", "cgroup_procs = /x"), touches: SYSTEMD },
  "systemd cgroup_acct": { ...inside("systemd", "", "cgroup_acct = /x"), touches: SYSTEMD },
};

/** `folder` is a place where the agent may make a socket. */
const others = (folder: string): Readonly<Record<string, Row>> => {
  const page = `unix ${folder}/metrics.sock`;
  return {
    tcp: { ...alone("tcp { }"), is: (seen) => block(seen, "tcp") !== undefined, touches: DIAGNOSIS },
    "tcp tunnel": { ...inside("tcp", "", "tunnel = on"), is: lookups, eitherWay: true, touches: DIAGNOSIS },
    "tcp dump": { ...inside("tcp", "", "dump = on"), is: lookups, eitherWay: true, touches: DIAGNOSIS },
    "tcp udp": { ...inside("tcp", "", "udp = on"), touches: DIAGNOSIS },
    docker: { ...alone(`docker { ${NO_ENGINE} }`), is: (seen) => block(seen, "docker") !== undefined, touches: ENGINE },
    "docker socket": {
      ...inside("docker", NO_ENGINE, "socket = /run/nobody/else.sock"),
      is: (seen) => block(seen, "docker")?.report.obstacle?.includes("/run/nobody/else.sock") === true,
      touches: ENGINE,
    },
    // Visible to collectors only with containers: restart.test.ts, docker-traffic.test.ts.
    "docker hostname": { ...inside("docker", NO_ENGINE, `${NO_ENGINE} hostname = on`), touches: ENGINE },
    "docker markTraffic": { ...inside("docker", NO_ENGINE, `${NO_ENGINE} markTraffic = on`), touches: ENGINE },
    "docker refreshVMs": { ...inside("docker", NO_ENGINE, `${NO_ENGINE} refreshVMs = 90`), touches: ENGINE },
    "docker forgetVMs": { ...inside("docker", NO_ENGINE, `${NO_ENGINE} forgetVMs = 90`), touches: ENGINE },
    "dns-sd": { ...alone("dns-sd { }"), is: (seen) => block(seen, "dns-sd") !== undefined, touches: UDP },
    "dns-sd domain": {
      ...inside("dns-sd", "", "domain = .lab.invalid"),
      is: asks("_sflow._udp.lab.invalid"),
      touches: UDP,
    },
    metrics: {
      ...alone(`metrics { socket = ${folder}/metrics.sock }`),
      is: ({ sockets }) => sockets.includes(page),
      touches: /^unix /,
    },
    "metrics socket": {
      ...inside("metrics", `socket = ${folder}/metrics.sock`, `socket = ${folder}/other.sock`),
      is: ({ sockets }) => sockets.includes(`unix ${folder}/other.sock`),
      touches: /^unix /,
    },
    "metrics port": {
      ...inside("metrics", `socket = ${folder}/metrics.sock`, "port = 9536"),
      is: ({ sockets }) => sockets.includes("tcp 9536"),
      touches: /^(unix|tcp) /,
    },
    // What they mean is seen by a client: metrics.test.ts.
    "metrics bind": { ...inside("metrics", "port = 9536", "port = 9536 bind = 127.0.0.2"), ...anotherServer },
    "metrics token": { ...inside("metrics", "port = 9536", "port = 9536 token = 0123456789abcdef"), ...anotherServer },
  };
};

export const blockRows = (folder: string): Readonly<Record<string, Row>> => ({
  ...collector,
  ...json,
  ...pcap,
  ...epcap,
  ...psample,
  ...systemd,
  ...others(folder),
});
