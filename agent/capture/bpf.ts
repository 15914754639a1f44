// Makes the classic BPF programs by which the kernel chooses the packets that a tap gets. See linux/filter.h,
// linux/bpf_common.h.

import { JUMP_IF_EQUAL, LOAD_WORD, MODULO, RETURN } from "../sockets/filter.ts";
import { ARPHRD_LOOPBACK, PACKET_OUTGOING } from "../sockets/socket-constants.ts";
import { hasEthernetHeader } from "./af-packet.ts";
import { assemble, type Instruction, jumpIf } from "./bpf-assembler.ts";
import { ownTrafficFilter } from "./own-filter.ts";
import { OWN_TRAFFIC_MARK, type OwnEndpoint } from "./own-traffic.ts";

/** Loads from these offsets read the socket buffer instead of the packet: SKF_AD_OFF plus SKF_AD_*. */
const PACKET_TYPE = 0xffff_f004;
const MARK = 0xffff_f014;
const RANDOM = 0xffff_f038;

/** The settings of a tap that become part of its program. */
export interface Sampling {
  /** 1-in-N. */
  readonly samplingRate: number;
  /** Bytes to keep of a packet. The kernel cuts off the rest before it queues the packet. */
  readonly headerBytes: number;
  /** ARPHRD_* of the interface. */
  readonly hardwareType: number;
}

/** Draws, and returns the bytes to keep. */
const draw = ({ samplingRate, headerBytes }: Sampling): Instruction[] => [
  ...(samplingRate === 1
    ? []
    : [
        { code: LOAD_WORD, k: RANDOM },
        { code: MODULO, k: samplingRate },
        { code: JUMP_IF_EQUAL, k: 0, differs: 1 },
      ]),
  { code: RETURN, k: headerBytes },
  { code: RETURN, k: 0 },
];

/** Drops what was sent on a loopback: each packet passes it twice, and is sampled as it is received. */
const onceOnLoopback = ({ hardwareType }: Sampling): Instruction[] =>
  hardwareType === ARPHRD_LOOPBACK
    ? [
        { code: LOAD_WORD, k: PACKET_TYPE },
        { code: JUMP_IF_EQUAL, k: PACKET_OUTGOING, differs: 1 },
        { code: RETURN, k: 0 },
      ]
    : [];

/**
 * Returns a program that samples 1-in-N packets, except for datagrams of the sockets `own`. It draws for each packet:
 * the packet is a sample if `random mod N` is 0. Packets that must not count are dropped before the draw. The modulo
 * favours the smallest values by less than N / 2^32, which is 0.25 % at the largest rate and 0.00002 % at 1-in-1000.
 *
 * Marked packets are examined behind the draw of all others, and drawn there if they are not the agent's.
 */
export function samplingProgram(sampling: Sampling, own: readonly OwnEndpoint[]): Uint8Array {
  if (own.length === 0) return assemble([...onceOnLoopback(sampling), ...draw(sampling)]);
  const [first, ...rest] = draw(sampling) as [Instruction, ...Instruction[]];
  return assemble([
    ...onceOnLoopback(sampling),
    { code: LOAD_WORD, k: MARK },
    ...jumpIf(OWN_TRAFFIC_MARK, "marked"),
    first,
    ...rest,
    ...ownTrafficFilter("marked", hasEthernetHeader(sampling.hardwareType), own),
    { code: RETURN, k: 0, label: "own" },
    { ...first, label: "other" },
    ...rest,
  ]);
}

/** Returns a program that drops every packet. Used while the agent reads the packets that are already queued. */
export const dropAllProgram = (): Uint8Array => assemble([{ code: RETURN, k: 0 }]);
