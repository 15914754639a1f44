// The memory of a receive batch, and its slots read one by one where speed does not matter.

import type { Layout, ReceiveBatch } from "./shim.ts";

/** `slots` messages of at most `stride` bytes each. Made once and used again. */
export function makeReceiveBatch(layout: Layout, slots: number, stride: number): ReceiveBatch {
  return {
    slots,
    stride,
    words: new Uint32Array(slots * layout.slotWords),
    bytes: new Uint8Array(slots * stride),
  };
}

/** One value of slot `index`: `readSlot(layout, batch, i, "wireLength")`. */
export const readSlot = (layout: Layout, batch: ReceiveBatch, index: number, value: SlotValue): number =>
  batch.words[index * layout.slotWords + layout[value]] ?? 0;

/** The bytes of message `index`: a view, good until the batch is filled again. */
export function messageBytes(layout: Layout, batch: ReceiveBatch, index: number): Uint8Array {
  const offset = readSlot(layout, batch, index, "offset");
  return batch.bytes.subarray(offset, offset + readSlot(layout, batch, index, "length"));
}

export type SlotValue = Exclude<keyof Layout, "slotWords" | "vlanValid" | "truncated">;
