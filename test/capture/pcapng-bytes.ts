// Makes the blocks of a pcapng file, in either byte order. draft-ietf-opsawg-pcapng.

import { join } from "../sflow/build.ts";

const padded = (bytes: Uint8Array): Uint8Array => join(bytes, new Uint8Array(-bytes.length & 3));

/** The blocks of one byte order. */
export function pcapngBlocks(littleEndian = true) {
  const u32 = (...values: number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    for (const [i, value] of values.entries()) view.setUint32(4 * i, value, littleEndian);
    return new Uint8Array(view.buffer);
  };
  const u16 = (...values: number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(2 * values.length));
    for (const [i, value] of values.entries()) view.setUint16(2 * i, value, littleEndian);
    return new Uint8Array(view.buffer);
  };
  const block = (type: number, ...body: Uint8Array[]): Uint8Array => {
    const content = join(...body);
    const length = u32(content.length + 12);
    return join(u32(type), length, content, length);
  };
  const option = (code: number, value: Uint8Array): Uint8Array => join(u16(code, value.length), padded(value));
  return {
    block,
    option,
    u32,
    section: (...options: Uint8Array[]) =>
      block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1, 0), u32(0xffffffff, 0xffffffff), ...options),
    interface: (linkType: number, ...options: Uint8Array[]) => block(1, u16(linkType, 0), u32(0), ...options),
    cutting: (linkType: number, snapLength: number) => block(1, u16(linkType, 0), u32(snapLength)),
    packet: (bytes: Uint8Array, { from = 0, high = 0, low = 0, wire = bytes.length } = {}) =>
      block(6, u32(from, high, low, bytes.length, wire), padded(bytes)),
    oldPacket: (bytes: Uint8Array, from = 0) =>
      block(2, u16(from, 0), u32(0, 5, bytes.length, bytes.length), padded(bytes)),
    simplePacket: (bytes: Uint8Array, wire = bytes.length) => block(3, u32(wire), padded(bytes)),
  };
}
