// Netlink messages: header, multipart answers, errors. See linux/netlink.h, netlink(7) and RFC 3549.

/** True if this host is little-endian. Netlink uses the byte order of the host. */
export const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Address families, the first byte of many messages. See sys/socket.h. */
export const AF_UNSPEC = 0;
export const AF_INET = 2;
export const AF_INET6 = 10;

export const HEADER_BYTES = 16;
/** Rounds up to a multiple of four, where the next message or attribute begins. */
export const align = (length: number): number => (length + 3) & ~3;

export const MessageType = { noop: 1, error: 2, done: 3, overrun: 4 } as const;

export const MessageFlag = {
  request: 0x1,
  multi: 0x2,
  acknowledge: 0x4,
  /** A change happened during the dump, so objects may be missing or repeated. */
  interrupted: 0x10,
  dump: 0x300,
} as const;

/** A message. Its body is the bytes from `start` to `end` of `view`, in the memory of the datagram. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
}

/** Reads the messages of a datagram. Stops at a message with a wrong length: the next message cannot be found. */
export function readMessages(bytes: Uint8Array): readonly Message[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: Message[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= view.byteLength) {
    const length = view.getUint32(at, LITTLE_ENDIAN);
    if (length < HEADER_BYTES || at + length > view.byteLength) break;
    messages.push({
      type: view.getUint16(at + 4, LITTLE_ENDIAN),
      flags: view.getUint16(at + 6, LITTLE_ENDIAN),
      sequence: view.getUint32(at + 8, LITTLE_ENDIAN),
      view,
      start: at + HEADER_BYTES,
      end: at + length,
    });
    at += align(length);
  }
  return messages;
}

/** Returns the positive errno of an error or of the end of a dump, 0 for success; undefined for other messages. */
export function errnoOf({ type, view, start, end }: Message): number | undefined {
  if (type !== MessageType.error && type !== MessageType.done) return undefined;
  if (end - start < 4) return type === MessageType.done ? 0 : undefined;
  return Math.abs(view.getInt32(start, LITTLE_ENDIAN));
}

/** Returns a message to send. `body` is the header of the protocol, then attributes. Each of them is padded. */
export function makeMessage(type: number, flags: number, sequence: number, ...body: readonly Uint8Array[]): Uint8Array {
  const length = body.reduce((sum, part) => sum + align(part.length), HEADER_BYTES);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length, LITTLE_ENDIAN);
  view.setUint16(4, type, LITTLE_ENDIAN);
  view.setUint16(6, flags, LITTLE_ENDIAN);
  view.setUint32(8, sequence, LITTLE_ENDIAN);
  let at = HEADER_BYTES;
  for (const part of body) {
    bytes.set(part, at);
    at += align(part.length);
  }
  return bytes;
}
