// All workloads of this host, from all configuration blocks. Assigns data sources and unique names, reports virt_node,
// and adds workloads to sampled packets.

import { findHierarchies } from "../counters/control-group.ts";
import { StackedDevices } from "../counters/stacked-devices.ts";
import type { Flows } from "../flow/flows.ts";
import type { Host } from "../host/host.ts";
import type { Interfaces } from "../interfaces/adaptor.ts";
import type { SflowAgent } from "../sflow/agent.ts";
import { HOST } from "../sflow/data-source.ts";
import { DataSourceTable } from "./data-source-table.ts";
import { GroupFinder } from "./group-finder.ts";
import { addVirtNode, readHostFacts } from "./host-facts.ts";
import { KindSource } from "./kind-source.ts";
import { MacTable } from "./mac-table.ts";
import { NameTable } from "./names.ts";
import { openNetwork } from "./network.ts";
import { type OpenNetworkWorld, openNetworkWorld } from "./network-world.ts";
import { type OpenProcessGroup, ProcessGroup } from "./process-group.ts";
import type { RunningWorkload } from "./running-workload.ts";
import { leftNumbers } from "./subject.ts";
import { makeMarks } from "./traffic-marks.ts";
import type { WorkloadKind, WorkloadSource, Workloads } from "./workloads.ts";

export interface RegistryParts {
  readonly host: Pick<Host, "clock" | "files" | "sockets" | "uname">;
  readonly agent: Pick<SflowAgent, "poller" | "numbered">;
  readonly flows: Pick<Flows, "annotate">;
  readonly interfaces: Pick<Interfaces, "all" | "onChange">;
}

/** Resources that are open while at least one block reports workloads. */
interface AtWork {
  readonly network: OpenNetworkWorld;
  readonly openGroup: OpenProcessGroup;
  readonly unmark: () => void;
}

/** The workloads of all configuration blocks. */
export class WorkloadRegistry implements Workloads {
  readonly #parts: RegistryParts;
  readonly #sources = new DataSourceTable();
  readonly #names = new NameTable();
  readonly #kinds = new Set<KindSource>();
  readonly #macs: MacTable;
  #atWork: AtWork | undefined;
  #reporter: KindSource | undefined;
  #withdrawNode = (): void => undefined;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
    this.#macs = new MacTable(() => this.#all(), parts.interfaces);
  }

  open(kind: WorkloadKind): WorkloadSource {
    const { host, agent } = this.#parts;
    this.#atWork ??= this.#begin();
    const source = new KindSource(kind, {
      agent,
      sources: this.#sources,
      names: this.#names,
      hostFacts: readHostFacts(host),
      openGroup: this.#atWork.openGroup,
      uptime: () => host.clock.uptime(),
      onChange: () => this.#macs.outdated(),
      onStop: (stopped) => this.#close(stopped),
    });
    this.#kinds.add(source);
    this.#chooseReporter();
    return source;
  }

  get #running(): number {
    return [...this.#kinds].reduce((sum, { running }) => sum + running, 0);
  }

  *#all(): Iterable<RunningWorkload> {
    for (const { workloads } of this.#kinds) yield* workloads;
  }

  #begin(): AtWork {
    const { host, agent, flows, interfaces } = this.#parts;
    for (const { uuid, source } of leftNumbers(agent.numbered())) this.#sources.keep(uuid, source);
    const network = openNetworkWorld(host, interfaces, () => this.#macs.outdated());
    const hierarchies = findHierarchies(host.files.read("/proc/mounts") ?? "");
    const groups = new GroupFinder(host.files, host.clock, hierarchies);
    const devices = new StackedDevices(host);
    const world = { host, groups, devices, openNetwork: (pid: number) => openNetwork(network, pid) };
    return {
      network,
      openGroup: (id, onEnd) => new ProcessGroup(world, id, onEnd),
      unmark: flows.annotate(makeMarks(this.#macs)),
    };
  }

  #close(source: KindSource): void {
    this.#kinds.delete(source);
    this.#chooseReporter();
    if (this.#kinds.size > 0) return;
    this.#atWork?.unmark();
    this.#atWork?.network.close();
    this.#atWork = undefined;
  }

  /** Chooses the one type of workload that reports virt_node, because a host may send that record only once. */
  #chooseReporter(): void {
    const [highest] = [...this.#kinds].sort((a, b) => b.kind.rank - a.kind.rank);
    if (highest === this.#reporter) return;
    this.#withdrawNode();
    this.#reporter = highest;
    const { agent, host } = this.#parts;
    this.#withdrawNode =
      highest === undefined
        ? () => undefined
        : agent.poller(HOST).contribute((into) => addVirtNode(into, host, this.#running));
  }
}
