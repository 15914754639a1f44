// UDP_SEGMENT as the kernel applies it: cuts a long message into pieces of the option's length. udp(7)

/** `options` are those of the socket, "level/option" to value. */
export function cut(options: ReadonlyMap<string, Uint8Array>, message: Uint8Array): readonly Uint8Array[] {
  const option = options.get("17/103");
  const length = option === undefined ? 0 : new Uint32Array(option.slice().buffer)[0];
  if (length === undefined || length === 0) return [message];
  const pieces = Math.max(1, Math.ceil(message.length / length));
  return Array.from({ length: pieces }, (_, i) => message.slice(i * length, (i + 1) * length));
}
