// Runs psample { } with a fake kernel. A test loads and unloads the kernel's module and sends samples.

import type { PsampleConfig } from "../../../agent/modules/psample/config.ts";
import { create } from "../../../agent/modules/psample/index.ts";
import { makeAttribute, makeUint32 } from "../../../agent/netlink/attribute.ts";
import { makeMessage } from "../../../agent/netlink/message.ts";
import type { Sampler } from "../../../agent/sflow/agent.ts";
import { type DataSource, showDataSource } from "../../../agent/sflow/data-source.ts";
import type { FlowRecord } from "../../../agent/sflow/record.ts";
import type { SampledPackets } from "../../../agent/sflow/sampled-packets.ts";
import { parseIntOption } from "../../../agent/sockets/socket-address.ts";
import { makeFakeAgent } from "../../fakes/agent.ts";
import { makeFakeContext } from "../../fakes/context.ts";
import { makeFakeHost } from "../../fakes/host.ts";
import { FakeInterfaces } from "../../fakes/interfaces.ts";
import { makeLog } from "../../fakes/log.ts";
import { type Sample, sampleMessage, uint16 } from "../../netlink/psample-message.ts";

const CONTROLLER = 16;
const NOTICES = 16;
const MEMBERSHIP = "270/1";
const ENOENT = 2;
const text = (value: string): Uint8Array => new TextEncoder().encode(`${value}\0`);

export interface Written {
  readonly source: string;
  readonly rate: number;
  readonly drops: number;
  readonly packets: readonly {
    readonly header: string;
    readonly protocol: number | undefined;
    readonly frameLength: number | undefined;
    readonly stripped: number | undefined;
    readonly ports: readonly (number | undefined)[];
    readonly direction: number | undefined;
    readonly time: readonly (number | undefined)[];
    readonly records: readonly (readonly [name: string, value: unknown])[];
  }[];
}

function rowOf(packets: SampledPackets & { direction?: Uint8Array }, i: number): Written["packets"][number] {
  const at = packets.offset[i] as number;
  const header = packets.bytes.subarray(at, at + (packets.headerLength[i] as number));
  const named = ({ type, value }: FlowRecord) => [type.name, value] as const;
  return {
    header: Buffer.from(header).toString("hex"),
    protocol: packets.headerProtocol[i],
    frameLength: packets.frameLength[i],
    stripped: packets.stripped[i],
    ports: [packets.input[i], packets.output[i]],
    direction: packets.direction?.[i],
    time: [packets.seconds[i], packets.nanoseconds[i]],
    records: packets.records[i]?.map(named) ?? [],
  };
}

/** Returns the controller's answer about a family with one multicast group. */
function familyMessage(sequence: number, name: string, id: number, group: readonly [name: string, id: number]) {
  const nest = [makeAttribute(1, text(group[0])), makeAttribute(2, makeUint32(group[1]))];
  const groups = makeAttribute(7, makeAttribute(1, Buffer.concat(nest)));
  const attributes = [
    makeAttribute(2, text(name)),
    makeAttribute(1, uint16(id)),
    makeAttribute(3, makeUint32(1)),
    groups,
  ];
  return makeMessage(CONTROLLER, 0, sequence, Uint8Array.of(1, 2, 0, 0), ...attributes);
}

const errorMessage = (sequence: number, errno: number): Uint8Array =>
  makeMessage(2, 0, sequence, new Uint8Array(Int32Array.of(-errno).buffer), new Uint8Array(16));

export class Kernel {
  /** Number of the family and of its multicast group while the module is loaded. */
  family: { readonly id: number; readonly group: number } | undefined;
  readonly host = makeFakeHost();

  constructor() {
    this.host.sockets.onOpen = (socket) => {
      if (socket.protocol === 16) socket.answer = (request) => this.#answer(request);
    };
  }

  load(id: number, group: number): void {
    this.family = { id, group };
    this.#notify();
  }

  unload(): void {
    this.family = undefined;
    this.#notify();
  }

  /** Sends each message to a multicast group as one datagram. */
  send(...samples: readonly Sample[]): void {
    this.sendBytes(...samples.map((sample) => sampleMessage(sample)));
  }

  sendBytes(...messages: readonly Uint8Array[]): void {
    for (const socket of this.members(this.family?.group ?? -1))
      this.host.sockets.deliver(socket, ...messages.map((bytes) => ({ bytes })));
  }

  members(group: number) {
    return this.host.sockets.open.filter(({ options }) => {
      const joined = options.get(MEMBERSHIP);
      return joined !== undefined && parseIntOption(joined) === group;
    });
  }

  #notify(): void {
    for (const socket of this.members(NOTICES))
      this.host.sockets.deliver(socket, { bytes: makeMessage(CONTROLLER, 0, 0, Uint8Array.of(1, 2, 0, 0)) });
  }

  #answer(request: Uint8Array): Uint8Array[] {
    const sequence = new DataView(request.buffer).getUint32(8, true);
    const name = new TextDecoder().decode(request.subarray(24, request.indexOf(0, 24)));
    const done = errorMessage(sequence, 0);
    if (name === "nlctrl") return [familyMessage(sequence, name, CONTROLLER, ["notify", NOTICES]), done];
    if (name !== "psample" || this.family === undefined) return [errorMessage(sequence, ENOENT)];
    return [familyMessage(sequence, name, this.family.id, ["packets", this.family.group]), done];
  }
}

export function started(
  interfaces: FakeInterfaces = new FakeInterfaces(),
  config: Partial<PsampleConfig> = {},
  { loaded = true }: { readonly loaded?: boolean } = {},
) {
  const kernel = new Kernel();
  if (loaded) kernel.load(0x1b, 9);
  const written: Written[] = [];
  const fake = makeFakeAgent();
  const agent = { ...fake, sampler: (source: DataSource) => makeSampler(source, written) };
  const context = makeFakeContext({ host: kernel.host, interfaces, agent, log: makeLog() });
  const running = create({ group: 1, ingress: true, egress: false, ...config }, context);
  return { kernel, written, running, interfaces, said: context.log.lines };
}

function makeSampler(source: DataSource, written: Written[]): Sampler {
  return {
    source,
    write(packets) {
      const { count, samplingRate: rate, drops } = packets;
      const rows = Array.from({ length: count }, (_, i) => rowOf(packets, i));
      written.push({ source: showDataSource(source), rate, drops, packets: rows });
    },
  };
}
