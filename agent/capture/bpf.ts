// Makes the classic BPF programs by which the kernel chooses the packets that a tap gets. See linux/filter.h,
// linux/bpf_common.h.

import { filterBytes, JUMP_IF_EQUAL, LOAD_WORD, MODULO, RETURN } from "../sockets/filter.ts";
import { PACKET_OUTGOING } from "../sockets/socket-constants.ts";
import { OWN_TRAFFIC_MARK } from "./own-traffic.ts";

/** Loads from these offsets read the socket buffer instead of the packet: SKF_AD_OFF plus SKF_AD_*. */
const PACKET_TYPE = 0xffff_f004;
const MARK = 0xffff_f014;
const RANDOM = 0xffff_f038;

/** The target of a jump, which becomes a distance when the program is assembled. */
type Target = "next" | "accept" | "drop";

interface Instruction {
  readonly code: number;
  readonly k: number;
  readonly equal?: Target;
  readonly differs?: Target;
}

/** The settings of a tap that become part of its program. */
export interface Sampling {
  /** 1-in-N. */
  readonly samplingRate: number;
  /** Bytes to keep of a packet. The kernel cuts off the rest before it queues the packet. */
  readonly headerBytes: number;
  /**
   * True for a loopback interface. Each packet passes a loopback twice, as sent and as received. Only received packets
   * are sampled.
   */
  readonly loopback: boolean;
}

/**
 * Returns a program that samples 1-in-N packets. It draws for each packet: the packet is a sample if `random mod N` is
 * 0. Packets that must not count are dropped before the draw. The modulo favours the smallest values by less than
 * N / 2^32, which is 0.25 % at the largest rate and 0.00002 % at 1-in-1000.
 */
export function samplingProgram({ samplingRate, headerBytes, loopback }: Sampling): Uint8Array {
  const program: Instruction[] = [];
  if (loopback) {
    program.push({ code: LOAD_WORD, k: PACKET_TYPE });
    program.push({ code: JUMP_IF_EQUAL, k: PACKET_OUTGOING, equal: "drop" });
  }
  program.push({ code: LOAD_WORD, k: MARK });
  program.push({ code: JUMP_IF_EQUAL, k: OWN_TRAFFIC_MARK, equal: "drop" });
  if (samplingRate > 1) {
    program.push({ code: LOAD_WORD, k: RANDOM });
    program.push({ code: MODULO, k: samplingRate });
    program.push({ code: JUMP_IF_EQUAL, k: 0, differs: "drop" });
  }
  program.push({ code: RETURN, k: headerBytes });
  program.push({ code: RETURN, k: 0 });
  return assemble(program);
}

/** Returns a program that drops every packet. Used while the agent reads the packets that are already queued. */
export const dropAllProgram = (): Uint8Array => assemble([{ code: RETURN, k: 0 }]);

/** Assembles a program whose last instruction drops the packet, and whose last but one accepts it. */
const assemble = (program: readonly Instruction[]): Uint8Array =>
  filterBytes(
    program.map(({ code, k, equal = "next", differs = "next" }, i) => {
      const distance = { next: 0, accept: program.length - i - 3, drop: program.length - i - 2 };
      return { code, equal: distance[equal], differs: distance[differs], k };
    }),
  );
