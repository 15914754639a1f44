// Independent decoders, run on the recording of a receiver: tcpdump(8), tshark(1), sfacctd(1), nfdump(1).

import { mkdtempSync, rmSync } from "node:fs";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, start } from "./child.ts";
import { run, tryRun, until } from "./command.ts";
import type { Namespace } from "./namespaces.ts";

/** tcpdump follows the lengths at every level: it validates the structure. */
export function tcpdump(pcap: string): { datagrams: number; flowSamples: number; invalid: string[] } {
  const lines = run("tcpdump", "-vv", "-n", "-r", pcap, "udp port 6343").split("\n");
  return {
    datagrams: lines.filter((line) => line.includes("sFlowv5")).length,
    flowSamples: lines.filter((line) => /expanded flow sample \(3\)/.test(line)).length,
    invalid: lines.filter((line) => /\(invalid\)|\[\|sflow|truncated/.test(line)),
  };
}

/** Leaves sampled headers as bytes. Otherwise their fields would mix with those of the datagrams around them. */
const TSHARK = ["-n", "-o", "sflow.enable_dissection:FALSE"];

/** Returns one row a datagram with one list a field: its values in all samples of the datagram, in order. */
export function tshark(pcap: string, fields: readonly string[], filter = ""): string[][][] {
  const options = [
    ...TSHARK,
    "-r",
    pcap,
    "-T",
    "fields",
    "-E",
    "separator=;",
    ...fields.flatMap((field) => ["-e", field]),
  ];
  const { stdout } = tryRun("tshark", ...options, ...(filter ? ["-Y", filter] : []));
  const rows = stdout.split("\n").filter((row) => row !== "");
  return rows.map((row) => row.split(";").map((cell) => (cell === "" ? [] : cell.split(","))));
}

/** The sum of one flow, scaled by the sampling rate. */
export interface Total {
  readonly source: string;
  readonly destination: string;
  readonly packets: number;
  readonly bytes: number;
}

/** Reads a capture to its end; -R scales by the sampling rate. */
function runSfacctd(pcap: string, keys: string): { rows: Record<string, string & number>[]; warnings: string[] } {
  const { stdout, stderr } = tryRun("sfacctd", "-I", pcap, "-P", "print", "-O", "json", "-r", "3600", "-R", "-c", keys);
  const lines = `${stdout}\n${stderr}`.split("\n");
  return {
    rows: lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)),
    warnings: lines.filter((line) => /discarding|ERROR/.test(line)),
  };
}

/** Returns the totals by address pair. */
export function sfacctd(pcap: string): { totals: Total[]; warnings: string[] } {
  const { rows, warnings } = runSfacctd(pcap, "src_host,dst_host,proto");
  const totals = rows.map(({ ip_src, ip_dst, packets, bytes }) => ({
    source: `${ip_src}`,
    destination: `${ip_dst}`,
    packets: Number(packets),
    bytes: Number(bytes),
  }));
  return { totals, warnings };
}

/** Returns IP packets by input and output, `3 > 7`. */
export function sfacctdPorts(pcap: string): { packets: Map<string, number>; warnings: string[] } {
  const { rows, warnings } = runSfacctd(pcap, "in_iface,out_iface,etype");
  const packets = rows
    .filter(({ etype }) => etype === "800")
    .map(({ iface_in, iface_out, packets }) => [`${iface_in} > ${iface_out}`, Number(packets)] as const);
  return { packets: new Map(packets), warnings };
}

/** sfcapd listens until it is stopped; then nfdump adds up what it wrote. */
export interface Sfcapd {
  readonly port: number;
  finish(): Promise<{ totals: Total[]; bad: number; sequenceErrors: number }>;
}

export async function startSfcapd(namespace: Namespace, port: number): Promise<Sfcapd> {
  const folder = mkdtempSync(join(tmpdir(), "sfcapd-"));
  const child = start(namespace, [
    "sfcapd",
    "-p",
    `${port}`,
    "-b",
    "127.0.0.1",
    "-w",
    folder,
    "-t",
    "3600",
    "-B",
    "4194304",
  ]);
  await until(`sfcapd on port ${port}`, () => child.ended() === undefined && listens(namespace, port), {
    evidence: child.stderr,
  });
  return {
    port,
    async finish() {
      const said = await farewell(child);
      const totals = nfdump(folder);
      rmSync(folder, { recursive: true, force: true });
      const figure = (name: string) => Number(new RegExp(`${name}: (\\d+)`).exec(said)?.[1] ?? Number.NaN);
      return { totals, bad: figure("Bad Packets"), sequenceErrors: figure("Sequence Errors") };
    },
  };
}

async function farewell(child: Child): Promise<string> {
  await child.stop();
  return child.stdout() + child.stderr();
}

/** Columns of nfdump(1) 1.7.1 and of 1.7.5, which aggregates in this format only. */
const COLUMNS: readonly (readonly string[])[] = [
  ["sa", "srcAddr"],
  ["da", "dstAddr"],
  ["ipkt", "packets"],
  ["ibyt", "bytes"],
];

function nfdump(folder: string): Total[] {
  const text = run("nfdump", "-R", folder, "-A", "srcip,dstip", "-N", "-o", "csv");
  const rows = text.split("\n").map((line) => line.split(",").map((cell) => cell.trim()));
  const header = rows.find((cells) => COLUMNS[0]?.some((name) => cells.includes(name))) ?? [];
  const places = COLUMNS.map((names) => header.findIndex((name) => names.includes(name)));
  return rows
    .map((cells) => places.map((place) => cells[place] ?? ""))
    .filter(([source = ""]) => isIP(source) !== 0)
    .map(([source = "", destination = "", packets, bytes]) => ({
      source,
      destination,
      packets: Number(packets),
      bytes: Number(bytes),
    }));
}

/** Returns whether a UDP socket is bound to the port. /proc/net/udp. */
function listens(namespace: Namespace, port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return namespace.run("cat", "/proc/net/udp").includes(`:${hex} `);
}
