// Chooses the reader of a capture file.

import { uint32 } from "../packet/bytes.ts";
import type { CaptureReader } from "./capture-reader.ts";
import { isPcap, PcapReader } from "./pcap-file.ts";
import { isPcapng, PcapngReader } from "./pcapng-file.ts";

/** Number of bytes by which a capture file is recognized. */
export const MAGIC_BYTES = 4;

/** Returns the reader for a file that begins with `head`; undefined if the file is not a capture. */
export function captureReader(head: Uint8Array): CaptureReader | undefined {
  if (head.length < MAGIC_BYTES) return undefined;
  const magic = uint32(head, 0);
  if (isPcapng(magic)) return new PcapngReader();
  return isPcap(magic) ? new PcapReader() : undefined;
}
