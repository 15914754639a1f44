// Runs a classic BPF program as the kernel would, for the instructions that sampling uses. linux/filter.h.

export interface PacketContext {
  readonly packetType: number;
  readonly mark: number;
  readonly random: number;
}

/** Returns how many bytes of the packet pass, 0 if it is dropped. */
export function runFilter(program: Uint8Array, context: PacketContext): number {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const ancillary = new Map([
    [0xfffff004, context.packetType],
    [0xfffff014, context.mark],
    [0xfffff038, context.random],
  ]);
  let accumulator = 0;
  for (let at = 0; at < program.length; at += 8) {
    const k = view.getUint32(at + 4, true);
    switch (view.getUint16(at, true)) {
      case 0x20:
        accumulator = ancillary.get(k) ?? Number.NaN;
        break;
      case 0x94:
        accumulator %= k;
        break;
      case 0x15:
        at += 8 * view.getUint8(accumulator === k ? at + 2 : at + 3);
        break;
      case 0x06:
        return k;
      default:
        throw new Error(`instruction ${view.getUint16(at, true)}`);
    }
  }
  throw new Error("the program has no end");
}
