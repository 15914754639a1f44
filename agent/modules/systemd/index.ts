// systemd { }: services followed by D-Bus or found in the tree of control groups, their counters read from there. See
// README.md beside.

import { parseAddress } from "../../config/address.ts";
import type { WorkloadSource } from "../../workloads/workloads.ts";
import type { Context, Running } from "../module.ts";
import { openBus } from "./bus.ts";
import { CgroupTree } from "./cgroup-tree.ts";
import type { SystemdConfig } from "./config.ts";
import { Following } from "./follow.ts";
import { Services } from "./services.ts";
import { serviceUuid } from "./unit-name.ts";

/** hsflowd's order of who reports virt_node. */
const RANK = 1;
const BUS = "unix:path=/run/dbus/system_bus_socket";
/** Seconds. */
const LIST_EVERY = 60;

interface AtWork {
  readonly source: WorkloadSource;
  readonly services: Services;
  readonly following: Following;
}

class SystemdBlock implements Running {
  readonly #config: SystemdConfig;
  readonly #context: Context;
  #atWork: AtWork | undefined;

  constructor(config: SystemdConfig, context: Context) {
    this.#config = config;
    this.#context = context;
  }

  start(): void {
    const { host, workloads, log } = this.#context;
    const { clock, files, env } = host;
    const source = workloads.open({ keyword: "systemd", rank: RANK, nameTraffic: this.#config.markTraffic });
    const tree = new CgroupTree(files);
    const uuidOf = this.#uuids();
    const debug = (message: () => string): void => log.debug(1, message);
    const services = new Services({ source, tree, clock, uuidOf, debug });
    const following = new Following({
      address: env["DBUS_SYSTEM_BUS_ADDRESS"] ?? BUS,
      listEvery: (this.#config.refreshVMs ?? LIST_EVERY) * 1000,
      settled: () => source.settled(),
      ...{ openBus, tree, services, clock, log },
    });
    this.#atWork = { source, services, following };
  }

  stop(): void {
    this.#atWork?.following.stop();
    this.#atWork?.services.stop();
    this.#atWork?.source.stop();
  }

  report() {
    return { obstacle: this.#atWork?.following.obstacle };
  }

  counters() {
    const { services, following, source } = this.#atWork ?? {};
    return {
      running: services?.running ?? 0,
      ...services?.counters,
      ...following?.counters,
      samples: source?.marks.samples ?? 0,
      marked: source?.marks.marked ?? 0,
    };
  }

  /** hsflowd mixes in the address of the agent, so that hosts with one UUID differ. The first address stays. */
  #uuids(): (unit: string) => Uint8Array {
    const { settings, status } = this.#context;
    let address: Uint8Array | undefined;
    return (unit) => {
      address ??= parseAddress(status?.().agentAddress?.address ?? "");
      return serviceUuid(settings.uuid, unit, address ?? new Uint8Array(0));
    };
  }
}

export function create(config: SystemdConfig, context: Context): Running {
  return new SystemdBlock(config, context);
}
