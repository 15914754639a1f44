// The counters sample of the host: data source 2:1, once every polling interval. See sFlow Host Structures.

import { fnv1a } from "../../config/fnv1a.ts";
import { makeDiskSpace } from "../../counters/disk-space.ts";
import { readHostAdapters } from "../../counters/host-adapters.ts";
import { makeHostCpu } from "../../counters/host-cpu.ts";
import { readHostDescr } from "../../counters/host-descr.ts";
import { makeHostDiskIo } from "../../counters/host-disk-io.ts";
import { readHostMemory } from "../../counters/host-memory.ts";
import { readHostNetIo } from "../../counters/host-net-io.ts";
import { readMib2IcmpGroup } from "../../counters/mib2-icmp-group.ts";
import { readMib2IpGroup } from "../../counters/mib2-ip-group.ts";
import { readMib2TcpGroup } from "../../counters/mib2-tcp-group.ts";
import { readMib2UdpGroup } from "../../counters/mib2-udp-group.ts";
import type { Sum } from "../../counters/sum.ts";
import { parseNetSnmp } from "../../proc/net-snmp.ts";
import { HOST } from "../../sflow/data-source.ts";
import type { CounterRecord } from "../../sflow/record.ts";
import type { Context, Running } from "../module.ts";

const MIB2 = [readMib2IpGroup, readMib2IcmpGroup, readMib2TcpGroup, readMib2UdpGroup];

export function create(_: unknown, { host, agent, interfaces, settings, log }: Context): Running {
  const { files } = host;
  const cpu = makeHostCpu(host);
  const diskIo = makeHostDiskIo(files);
  const space = makeDiskSpace(host, () => settings.polling);
  const counters = { samples: 0, discontinuities: 0 };
  let hungLogged = false;
  let stop = (): void => undefined;

  function readAll(): readonly [records: readonly CounterRecord[], parts: string] {
    const net = readHostNetIo(interfaces);
    const disk = diskIo(space.read());
    const snmp = parseNetSnmp(files.read("/proc/net/snmp") ?? "");
    const found = [
      readHostDescr(host, settings.uuid),
      net?.record,
      cpu(),
      readHostMemory(files),
      disk?.record,
      ...MIB2.map((read) => read(snmp)),
      readHostAdapters(interfaces.all(), settings.datagramBytes),
    ];
    return [found.filter((record) => record !== undefined), `${partsOf(net)} ${partsOf(disk)}`];
  }

  function read(into: CounterRecord[]): void {
    const [records, present] = readAll();
    agent.poller(HOST).setSubject(fnv1a(Buffer.from(present)).toString(16));
    counters.samples++;
    logHung();
    into.push(...records);
  }

  function logHung(): void {
    const { hung } = space.statistics;
    if (hung > 0 && !hungLogged) log.warn(`${hung} mounted file systems do not answer: sending their last known size`);
    hungLogged = hung > 0;
  }

  return {
    async start() {
      await space.start();
      stop = agent.poller(HOST).contribute(read, () => counters.discontinuities++);
    },
    stop() {
      stop();
      space.stop();
    },
    counters: () => ({ ...counters, mountsHung: space.statistics.hung }),
  };
}

const partsOf = (sum: Sum | undefined): string => sum?.parts ?? "";
