// Memory for `receive`, and the messages in it.

import type { Layout, ReceiveBatch } from "./shim.ts";

/** Returns memory for `slots` messages of at most `stride` bytes each, to be reused for every call of `receive`. */
export function makeReceiveBatch(layout: Layout, slots: number, stride: number): ReceiveBatch {
  return {
    slots,
    stride,
    words: new Uint32Array(slots * layout.slotWords),
    bytes: new Uint8Array(slots * stride),
  };
}

/** Returns the bytes of message `index` as a view, which is valid until the batch is filled again. */
export function messageBytes(layout: Layout, { words, bytes }: ReceiveBatch, index: number): Uint8Array {
  const slot = index * layout.slotWords;
  const offset = words[slot + layout.offset] as number;
  return bytes.subarray(offset, offset + (words[slot + layout.length] as number));
}
