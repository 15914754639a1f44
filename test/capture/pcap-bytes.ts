// Makes capture files as tcpdump writes them, in either byte order and resolution. pcap-savefile(5).

export interface PcapRecord {
  readonly bytes: Uint8Array;
  readonly wire?: number;
  readonly seconds?: number;
  /** Fraction of a second, in microseconds or nanoseconds depending on the file. */
  readonly fraction?: number;
}

export interface PcapFormat {
  readonly linkType?: number;
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
  /** The format of Kuznetzov's libpcap, with longer packet headers. */
  readonly modified?: boolean;
}

export function pcapBytes(
  records: readonly PcapRecord[],
  { linkType = 1, littleEndian = true, nanoseconds = false, modified = false }: PcapFormat = {},
): Uint8Array {
  const header = modified ? 24 : 16;
  const length = records.reduce((sum, { bytes }) => sum + header + bytes.length, 24);
  const file = new Uint8Array(length);
  const view = new DataView(file.buffer);
  view.setUint32(0, modified ? 0xa1b2cd34 : nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, littleEndian);
  view.setUint32(20, linkType, littleEndian);
  let at = 24;
  for (const { bytes, wire = bytes.length, seconds = 1, fraction = 0 } of records) {
    view.setUint32(at, seconds, littleEndian);
    view.setUint32(at + 4, fraction, littleEndian);
    view.setUint32(at + 8, bytes.length, littleEndian);
    view.setUint32(at + 12, wire, littleEndian);
    file.set(bytes, at + header);
    at += header + bytes.length;
  }
  return file;
}
