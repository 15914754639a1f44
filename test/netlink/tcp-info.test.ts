// The table of struct tcp_info: no gap except for alignment, no overlap; older and newer kernels.

import { expect, it } from "vitest";
import { readTcpInfo, TCP_INFO, type TcpInfoField } from "../../agent/netlink/tcp-info.ts";

const fields = Object.entries(TCP_INFO) as [TcpInfoField, readonly [number, 1 | 4 | 8]][];

it("lists fields in the structure's order, each aligned to its width and next to the one before", () => {
  // Bytes 6 and 7 are bit fields.
  let end = 0;
  for (const [name, [offset, width]] of fields) {
    expect(offset % width, name).toBe(0);
    expect(offset, name).toBe(name === "tcpi_rto" ? end + 2 : end);
    end = offset + width;
  }
  expect(end).toBe(232);
});

it("reads every width in host order, at any place", () => {
  const bytes = new Uint8Array(240).map((_, i) => i);
  const view = new DataView(bytes.buffer);
  expect(readTcpInfo(bytes, 3, 232, "tcpi_options")).toBe(8);
  expect(readTcpInfo(bytes, 3, 232, "tcpi_rtt")).toBe(view.getUint32(71, true));
  expect(readTcpInfo(bytes, 3, 232, "tcpi_bytes_acked")).toBe(Number(view.getBigUint64(123, true)));
});

it("returns undefined if the structure of the kernel ends before a field, or within it", () => {
  const bytes = new Uint8Array(232).fill(1);
  expect(readTcpInfo(bytes, 0, 104, "tcpi_total_retrans")).toBe(0x01010101);
  expect(readTcpInfo(bytes, 0, 104, "tcpi_pacing_rate")).toBe(undefined);
  expect(readTcpInfo(bytes, 0, 151, "tcpi_min_rtt")).toBe(undefined);
});
