// Adds the service of a local TCP or UDP socket to sampled packets. See sFlow structure 0:2210, extended_entities.

import type { FlowBatch } from "../../flow/flows.ts";
import type { Clock } from "../../host/host.ts";
import type { Interfaces } from "../../interfaces/adaptor.ts";
import { FLOW_KEY_WORDS, putAddress, putFlowKey } from "../../packet/flow-key.ts";
import { IpProtocol } from "../../packet/ip.ts";
import { decodePacket, makePacket } from "../../packet/packet.ts";
import type { DataSource } from "../../sflow/data-source.ts";
import { nameEnds } from "../../workloads/traffic-marks.ts";
import type { MarkCounters } from "../../workloads/workloads.ts";
import type { LocalFlow, SocketGroup } from "./socket-groups.ts";

export interface SocketMarksWorld {
  find(flow: LocalFlow): SocketGroup | undefined;
  /** Returns the service whose control group has this inode. */
  ownerOf(group: number): DataSource | undefined;
  readonly interfaces: Pick<Interfaces, "all" | "onChange">;
  readonly clock: Pick<Clock, "uptime">;
}

/** Values of FlowBatch.direction. */
const [RECEIVED, SENT] = [1, 2];
/** Answers are used this long: afterwards another process may have the socket. */
const FRESH_MS = 5000;
const MOST_FLOWS = 8192;

interface Known {
  /** Undefined if no socket of this host matches. */
  readonly group: number | undefined;
  readonly until: number;
}

export class SocketMarks {
  readonly counters: MarkCounters = { samples: 0, marked: 0 };
  readonly #world: SocketMarksWorld;
  readonly #packet = makePacket();
  readonly #key = new Uint32Array(FLOW_KEY_WORDS);
  readonly #flows = new Map<string, Known>();
  readonly #unwatch: () => void;
  #addresses: ReadonlySet<string> | undefined;

  constructor(world: SocketMarksWorld) {
    this.#world = world;
    this.#unwatch = world.interfaces.onChange(() => {
      this.#addresses = undefined;
    });
  }

  annotate(batch: FlowBatch): void {
    for (let i = 0; i < batch.count; i++) {
      const direction = batch.direction[i];
      if (direction !== RECEIVED && direction !== SENT) continue;
      const service = this.#serviceOf(batch, i, direction === RECEIVED);
      if (service === undefined) continue;
      this.counters.samples++;
      this.counters.marked++;
      if (direction === SENT) nameEnds(batch, i, service);
      else nameEnds(batch, i, undefined, service);
    }
  }

  close(): void {
    this.#unwatch();
  }

  #serviceOf(batch: FlowBatch, i: number, received: boolean): DataSource | undefined {
    const { bytes, offset, headerLength, headerProtocol, interfaceIndex } = batch;
    const { outer } = this.#packet;
    decodePacket(this.#packet, headerProtocol[i] as number, bytes, offset[i] as number, headerLength[i] as number);
    const isKnown = outer.protocol === IpProtocol.tcp || outer.protocol === IpProtocol.udp;
    if (!isKnown || outer.destinationPort < 0) return undefined;
    putFlowKey(this.#key, 0, bytes, outer, received);
    const { protocol, ipVersion: version } = outer;
    const group = this.#groupOf({ key: this.#key, protocol, version, interfaceIndex });
    return group === undefined ? undefined : this.#world.ownerOf(group);
  }

  #groupOf(flow: LocalFlow): number | undefined {
    const now = this.#world.clock.uptime();
    const text = flow.key.join();
    const known = this.#flows.get(text);
    if (known !== undefined && known.until > now) return known.group;
    if (this.#flows.size >= MOST_FLOWS) this.#flows.clear();
    const found = this.#world.find(flow);
    // A socket that takes packets to any address also matches packets that only pass through this host.
    const isOurs = found !== undefined && (!found.anyAddress || this.#isLocal(flow.key));
    const group = isOurs ? found.id : undefined;
    this.#flows.set(text, { group, until: now + FRESH_MS });
    return group;
  }

  #isLocal(key: Uint32Array): boolean {
    this.#addresses ??= new Set(this.#world.interfaces.all().flatMap(({ addresses }) => addresses.map(textOf)));
    return this.#addresses.has(key.subarray(0, 4).join());
  }
}

function textOf({ bytes }: { readonly bytes: Uint8Array }): string {
  const words = new Uint32Array(4);
  putAddress(words, 0, bytes, 0, bytes.length === 16 ? 6 : 4);
  return words.join();
}
