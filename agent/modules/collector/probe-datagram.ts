// The datagram by which a collector is probed. sFlow v5, section 5 "sample_datagram".

const VERSION = 5;
const IPV4 = 1;
/** A sub-agent of its own, so that collectors see no gap in the agent's sequence numbers. */
const SUB_AGENT = 0xffff_ffff;
/** A format of the enterprise number for documentation, RFC 5612. Collectors skip samples of unknown formats. */
const FILLING = (32_473 << 12) | 1;
const HEADER = 28;
const SAMPLE_HEADER = 8;

/**
 * Makes a datagram of `length` bytes from agent 0.0.0.0, without counters and packets. It is as long as those of the
 * agent, because a path may lose long datagrams only.
 */
export function probeDatagram(length: number): Uint8Array {
  const filling = Math.max(0, (length - HEADER - SAMPLE_HEADER) & ~3);
  const bytes = new Uint8Array(HEADER + SAMPLE_HEADER + filling);
  const words = [VERSION, IPV4, 0, SUB_AGENT, 0, 0, 1, FILLING, filling];
  const fields = new DataView(bytes.buffer);
  words.forEach((word, i) => {
    fields.setUint32(4 * i, word);
  });
  return bytes;
}
