// systemd { }: follows services by D-Bus or in the tree of control groups, and reads their counters there. See
// README.md.

import { parseAddress } from "../../config/address.ts";
import type { Timer } from "../../host/host.ts";
import type { Report } from "../../report/report.ts";
import type { WorkloadSource } from "../../workloads/workloads.ts";
import type { Context, Running } from "../module.ts";
import { openBus } from "./bus.ts";
import { CgroupTree } from "./cgroup-tree.ts";
import type { SystemdConfig } from "./config.ts";
import { Following } from "./follow.ts";
import { GroupOwners } from "./group-owners.ts";
import { Services } from "./services.ts";
import { SocketGroups } from "./socket-groups.ts";
import { SocketMarks } from "./socket-marks.ts";
import { serviceUuid } from "./unit-name.ts";

/** Rank of the block among those that report virt_node, as in hsflowd. */
const RANK = 1;
const BUS = "unix:path=/run/dbus/system_bus_socket";
const REMEDY = "install and start the system bus, the package dbus, or set DBUS_SYSTEM_BUS_ADDRESS";
/** Seconds. */
const LIST_EVERY = 60;
/** Milliseconds between two looks for the agent address. */
const ADDRESS_MS = 1000;

interface AtWork {
  readonly source: WorkloadSource;
  readonly services: Services;
  readonly following: Following;
  readonly marking: Marking | undefined;
}

/** Open with `markTraffic = on`. */
interface Marking {
  readonly owners: GroupOwners;
  readonly marks: SocketMarks;
  close(): void;
}

class SystemdBlock implements Running {
  readonly #config: SystemdConfig;
  readonly #context: Context;
  #atWork: AtWork | undefined;
  #waiting: Timer | undefined;
  #stopped = false;

  constructor(config: SystemdConfig, context: Context) {
    this.#config = config;
    this.#context = context;
  }

  /** Begins once the agent has an address, because the UUIDs of services contain it. Before, nothing can be sent. */
  start(): void {
    const { host, status } = this.#context;
    const address = status?.().agentAddress?.address;
    if (status === undefined || address !== undefined) this.#begin(parseAddress(address ?? "") ?? new Uint8Array(0));
    else this.#waiting = host.clock.after(ADDRESS_MS, () => this.start());
  }

  #begin(address: Uint8Array): void {
    const { host, workloads, settings, log } = this.#context;
    const { clock, files, env } = host;
    const source = workloads.open({ keyword: "systemd", rank: RANK, nameTraffic: this.#config.markTraffic });
    const tree = new CgroupTree(files);
    // As hsflowd does, because two hosts may have the same UUID. The address is that of the start, so that UUIDs stay.
    const uuidOf = (unit: string): Uint8Array => serviceUuid(settings.uuid, unit, address);
    const debug = (message: () => string): void => log.debug(1, message);
    const marking = this.#config.markTraffic ? this.#mark() : undefined;
    const owners = marking?.owners;
    const services = new Services({
      ...{ source, tree, clock, uuidOf, debug },
      onBegin: (service) => owners?.begin(service, following.bus),
      onEnd: (service) => owners?.end(service),
    });
    const following: Following = new Following({
      address: env["DBUS_SYSTEM_BUS_ADDRESS"] ?? BUS,
      listEvery: (this.#config.refreshVMs ?? LIST_EVERY) * 1000,
      settled() {
        source.settled();
        owners?.complete(following.bus);
      },
      ...{ openBus, tree, services, clock, log },
    });
    this.#atWork = { source, services, following, marking };
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#waiting?.cancel();
    this.#atWork?.following.stop();
    this.#atWork?.services.stop();
    this.#atWork?.source.stop();
    this.#atWork?.marking?.close();
  }

  report(): Report {
    const obstacle = this.#atWork?.following.obstacle;
    return obstacle === undefined ? {} : { obstacle, remedy: REMEDY };
  }

  counters() {
    const { services, following, source, marking } = this.#atWork ?? {};
    const bySocket = marking?.marks.counters;
    return {
      running: services?.running ?? 0,
      ...services?.counters,
      ...following?.counters,
      samples: (source?.marks.samples ?? 0) + (bySocket?.samples ?? 0),
      marked: (source?.marks.marked ?? 0) + (bySocket?.marked ?? 0),
    };
  }

  #mark(): Marking {
    const { host, interfaces, flows } = this.#context;
    const owners = new GroupOwners();
    const groups = new SocketGroups(host.sockets);
    const marks = new SocketMarks({
      find: (flow) => groups.find(flow),
      ownerOf: (group) => owners.ownerOf(group),
      interfaces,
      clock: host.clock,
    });
    const unmark = flows.annotate((batch) => marks.annotate(batch), true);
    return {
      owners,
      marks,
      close() {
        unmark();
        marks.close();
        groups.close();
      },
    };
  }
}

export function create(config: SystemdConfig, context: Context): Running {
  return new SystemdBlock(config, context);
}
