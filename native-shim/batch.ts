// Memory for `receive`, made once and filled again and again. See README.md beside.

import type { Layout, ReceiveBatch } from "./shim.ts";

export function makeReceiveBatch(layout: Layout, slots: number, stride: number): ReceiveBatch {
  return {
    slots,
    stride,
    words: new Uint32Array(slots * layout.slotWords),
    bytes: new Uint8Array(slots * stride),
  };
}

/** Message `i` of a batch, in place. */
export function messageBytes(layout: Layout, batch: ReceiveBatch, i: number): Uint8Array {
  const slot = i * layout.slotWords;
  const offset = batch.words[slot + layout.offset] ?? 0;
  return batch.bytes.subarray(offset, offset + (batch.words[slot + layout.length] ?? 0));
}
