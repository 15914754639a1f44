// Runs a classic BPF program as the kernel would, for the instructions that sampling uses. linux/filter.h.

export interface PacketContext {
  readonly packetType: number;
  readonly mark: number;
  readonly random: number;
  /** skb->protocol. */
  readonly protocol?: number;
}

const NOTHING = new Uint8Array(0);

/** Returns how many bytes of the packet pass, 0 if it is dropped, as by a load beyond its end. */
export function runFilter(program: Uint8Array, context: PacketContext, packet: Uint8Array = NOTHING): number {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const bytes = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const ancillary = new Map([
    [0xfffff000, context.protocol ?? 0],
    [0xfffff004, context.packetType],
    [0xfffff014, context.mark],
    [0xfffff038, context.random],
  ]);
  const load = (size: number, at: number): number => {
    if (at + size > packet.length) throw BEYOND;
    return size === 4 ? bytes.getUint32(at) : size === 2 ? bytes.getUint16(at) : bytes.getUint8(at);
  };
  let accumulator = 0;
  let x = 0;
  try {
    for (let at = 0; at < program.length; at += 8) {
      const k = view.getUint32(at + 4, true);
      const test = (holds: boolean): void => {
        at += 8 * view.getUint8(holds ? at + 2 : at + 3);
      };
      switch (view.getUint16(at, true)) {
        case 0x20:
          accumulator = ancillary.get(k) ?? load(4, k);
          break;
        case 0x28:
          accumulator = load(2, k);
          break;
        case 0x40:
          accumulator = load(4, x + k);
          break;
        case 0x48:
          accumulator = load(2, x + k);
          break;
        case 0x50:
          accumulator = load(1, x + k);
          break;
        case 0x80:
          accumulator = packet.length;
          break;
        case 0x01:
          x = k;
          break;
        case 0x1c:
          accumulator = (accumulator - x) >>> 0;
          break;
        case 0x94:
          accumulator %= k;
          break;
        case 0x05:
          at += 8 * k;
          break;
        case 0x15:
          test(accumulator === k);
          break;
        case 0x35:
          test(accumulator >= k);
          break;
        case 0x45:
          test((accumulator & k) !== 0);
          break;
        case 0x06:
          return k;
        default:
          throw new Error(`instruction ${view.getUint16(at, true)}`);
      }
    }
  } catch (error) {
    if (error === BEYOND) return 0;
    throw error;
  }
  throw new Error("the program has no end");
}

const BEYOND = new Error("a load beyond the end of the packet");
