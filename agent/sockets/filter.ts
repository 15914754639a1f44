// Classic BPF programs as bytes: an array of struct sock_filter. See linux/filter.h and linux/bpf_common.h.

export interface FilterInstruction {
  readonly code: number;
  /** The number of instructions to skip if the test is true, and if it is false. */
  readonly equal: number;
  readonly differs: number;
  readonly k: number;
}

export const LOAD_WORD = 0x20;
export const LOAD_HALF = 0x28;
export const LOAD_BYTE = 0x30;
/** Loads from offset X + k. */
export const LOAD_WORD_FROM_X = 0x40;
export const LOAD_HALF_FROM_X = 0x48;
export const LOAD_BYTE_FROM_X = 0x50;
export const LOAD_LENGTH = 0x80;
export const SET_X = 0x01;
export const SUBTRACT_X = 0x1c;
export const MODULO = 0x94;
/** Skips k instructions. */
export const JUMP = 0x05;
export const JUMP_IF_EQUAL = 0x15;
export const JUMP_IF_AT_LEAST = 0x35;
export const JUMP_IF_SET = 0x45;
export const RETURN = 0x06;

/** Encodes each instruction as u16 code, u8 jt, u8 jf, u32 k, in the byte order of the host. */
export function filterBytes(program: readonly FilterInstruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8);
  const halves = new Uint16Array(bytes.buffer);
  const words = new Uint32Array(bytes.buffer);
  program.forEach(({ code, equal, differs, k }, i) => {
    halves[i * 4] = code;
    bytes[i * 8 + 2] = equal;
    bytes[i * 8 + 3] = differs;
    words[i * 2 + 1] = k;
  });
  return bytes;
}
