// Maps, programs and links of BPF. See bpf(2) and linux/bpf.h, union bpf_attr.

import type { Shim } from "../../../native-shim/shim.ts";
import { LITTLE_ENDIAN } from "../../sockets/socket-address.ts";

type Bpf = Pick<Shim, "bpf">;

const Command = { createMap: 0, loadProgram: 5, createLink: 28, updateLink: 29 } as const;
const MapType = { array: 2, ring: 27 } as const;
/** BPF_F_MMAPABLE */
const MAPPABLE = 1 << 10;
/** BPF_PROG_TYPE_SCHED_CLS */
const CLASSIFIER = 3;
/** BPF_TCX_INGRESS and BPF_TCX_EGRESS */
const ATTACH = { in: 46, out: 47 } as const;
/** BPF_F_BEFORE: before all other programs of the interface. One of them may end the sequence. */
const FIRST = 1 << 3;
export type Direction = keyof typeof ATTACH;
const LOG_BYTES = 1 << 20;
/** BPF_LOG_LEVEL1 */
const LOG_LEVEL = 1;

const attributes = (...words: readonly number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word, LITTLE_ENDIAN);
  return new Uint8Array(view.buffer);
};

/** Makes a map with one value, which can be mapped into memory. Returns its descriptor. Throws ShimError. */
export const createValueMap = (sockets: Bpf, valueBytes: number): number =>
  sockets.bpf(Command.createMap, attributes(MapType.array, 4, valueBytes, 1, MAPPABLE));

/** Makes a ring. `bytes` is a power of two and a multiple of the page size. */
export const createRing = (sockets: Bpf, bytes: number): number =>
  sockets.bpf(Command.createMap, attributes(MapType.ring, 0, 0, bytes));

/** Attributes of a program: type, count, instructions, licence, log level, and the log. The shim adds addresses. */
const programAttributes = (level: number): Uint8Array => attributes(CLASSIFIER, 0, 0, 0, 0, 0, level, 0, 0, 0);

/**
 * Loads a program that classifies packets, and returns its descriptor. If the verifier rejects it, the error says why.
 */
export function loadProgram(sockets: Bpf, program: Uint8Array): number {
  try {
    return sockets.bpf(Command.loadProgram, programAttributes(0), program);
  } catch (error) {
    if (!WITH_REASON.has((error as { code?: string }).code ?? "")) throw error;
    const log = new Uint8Array(LOG_BYTES);
    try {
      return sockets.bpf(Command.loadProgram, programAttributes(LOG_LEVEL), program, log);
    } catch (again) {
      const reason = reasonIn(new TextDecoder().decode(log));
      if (reason !== undefined) (again as Error).message += `; ${REFUSED}: ${reason}`;
      throw again;
    }
  }
}

/** Words of the error if the verifier rejects a program. */
export const REFUSED = "the kernel refused the program";

/** Errors of the verifier. EPERM is one too, but mostly means that a capability is missing. */
const WITH_REASON: ReadonlySet<string> = new Set(["EINVAL", "EACCES", "E2BIG", "ENOTSUP"]);

/** Returns the last line of the verifier's log that is no statistics. */
export const reasonIn = (log: string): string | undefined =>
  log
    .slice(0, Math.max(0, log.indexOf("\0")))
    .split("\n")
    .findLast((line) => line !== "" && !/^(processed|verification time|stack depth|max_states)\b/.test(line));

/**
 * Attaches a program to an interface. Returns the descriptor of the link: the kernel detaches the program when it is
 * closed, also at the end of the process.
 */
export const attach = (sockets: Bpf, program: number, interfaceIndex: number, direction: Direction): number =>
  sockets.bpf(Command.createLink, attributes(program, interfaceIndex, ATTACH[direction], FIRST, 0, 0, 0, 0));

/** Replaces the program of a link at once, so that each packet passes the one or the other. */
export function replaceProgram(sockets: Bpf, link: number, program: number): void {
  sockets.bpf(Command.updateLink, attributes(link, program, 0, 0));
}
