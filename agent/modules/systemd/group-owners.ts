// Finds the service of a control group by the inode of the group. See org.freedesktop.systemd1(5), ControlGroupId.

import type { DataSource } from "../../sflow/data-source.ts";
import type { SystemdBus } from "./bus.ts";
import type { Service } from "./service.ts";

export class GroupOwners {
  readonly #sources = new Map<number, DataSource>();
  /** Running services with the inode of their group; undefined until systemd has answered. */
  readonly #groups = new Map<Service, number | undefined>();

  ownerOf(group: number): DataSource | undefined {
    return this.#sources.get(group);
  }

  begin(service: Service, bus: Pick<SystemdBus, "groupId"> | undefined): void {
    this.#groups.set(service, undefined);
    if (bus !== undefined) void bus.groupId(service.unit).then((group) => this.#set(service, group));
  }

  /** Asks for the services that began without a bus. */
  complete(bus: Pick<SystemdBus, "groupId"> | undefined): void {
    for (const [service, group] of this.#groups) if (group === undefined) this.begin(service, bus);
  }

  end(service: Service): void {
    const group = this.#groups.get(service);
    this.#groups.delete(service);
    if (group !== undefined && this.#sources.get(group) === service.source) this.#sources.delete(group);
  }

  #set(service: Service, group: number | undefined): void {
    if (group === undefined || service.source === undefined || !this.#groups.has(service)) return;
    this.#groups.set(service, group);
    this.#sources.set(group, service.source);
  }
}
