// Taps on libpcap, by the `cap` package, for hosts where the addon cannot open packet sockets. Samples in user space.

import type { Host, Timer } from "../host/host.ts";
import { messageOf } from "../log/message-of.ts";
import { CaptureError } from "./capture-error.ts";
import type { CapturedPackets, CaptureEngine, Tap, TapOptions } from "./engine.ts";
import { enterLink, LinkType } from "./link-type.ts";
import { makeSoftwarePacket, type SoftwarePacket, SoftwareTap } from "./software-tap.ts";

export const LIBPCAP = "libpcap";

const RING_BYTES = 16 * 1024 * 1024;
/** The package does not report the length of a packet apart from its captured bytes, so whole packets are captured. */
const PACKET_BYTES = 65_536;
/** Milliseconds for which a sample waits until its batch is passed on. */
const FLUSH_MILLISECONDS = 10;

type CapModule = typeof import("cap");
/** Loads the package if it is there, while its files can be read. Loading it again costs nothing and needs no file. */
export const preloadCap = (): Promise<unknown> => import("cap").catch(() => undefined);

type SomeHost = Pick<Host, "clock" | "random">;

/** Loads the package. README.md of the pcap block lists its disadvantages compared to a packet socket. */
export async function loadLibpcapEngine(
  host: SomeHost,
  load: () => Promise<unknown> = () => import("cap"),
): Promise<CaptureEngine> {
  const { Cap } = await loadCap(load);
  // libuv keeps a pointer to the handle inside a closed Cap, so a Cap must never be garbage-collected.
  const kept: InstanceType<typeof Cap>[] = [];
  return {
    name: LIBPCAP,
    open(options, onPackets) {
      const cap = new Cap();
      kept.push(cap);
      return openTap(cap, host, options, onPackets);
    },
  };
}

async function loadCap(load: () => Promise<unknown>): Promise<CapModule> {
  try {
    const loaded = (await load()) as Partial<CapModule> & { default?: Partial<CapModule> };
    const cap = loaded.default?.Cap === undefined ? loaded : loaded.default;
    if (cap.Cap !== undefined) return cap as CapModule;
    throw new Error("the package `cap` has no class Cap");
  } catch (error) {
    throw new CaptureError("EUNAVAILABLE", `${LIBPCAP}: ${whyNot(error as Error & { code?: string })}`);
  }
}

function whyNot(error: Error & { code?: string }): string {
  const [first = ""] = error.message.split("\n");
  if (error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND")
    return "the package `cap` is not installed: npm builds it in a checkout, for one machine, and no .deb has it; use engine=packet-socket";
  if (/NODE_MODULE_VERSION|different Node\.js version/.test(error.message))
    return "the package `cap` was built for another version of Node; rebuild it with `npm rebuild cap`";
  return `the package \`cap\` cannot be loaded: ${first}`;
}

function openTap(
  cap: InstanceType<CapModule["Cap"]>,
  host: SomeHost,
  options: TapOptions,
  onPackets: (packets: CapturedPackets) => void,
): Tap {
  const buffer = Buffer.alloc(PACKET_BYTES);
  const packet = makeSoftwarePacket(buffer);
  const linkType = openDevice(cap, options, buffer);
  let timer: Timer | undefined;
  const close = (): void => {
    timer?.cancel();
    cap.close();
  };
  const tap = new SoftwareTap(options, host.random, onPackets, close, RING_BYTES);
  const flush = (): void => {
    timer = undefined;
    tap.flush();
  };
  cap.on("packet", (length) => {
    if (!tap.draw()) return;
    packet.at = 0;
    packet.captured = length;
    packet.wire = length;
    if (enterLink(packet, linkType) !== undefined) return;
    stamp(packet, host.clock.wallNanoseconds());
    tap.put(packet);
    if (tap.waiting > 0) timer ??= host.clock.after(FLUSH_MILLISECONDS, flush);
  });
  return tap;
}

const WORDS: Readonly<Record<string, number>> = {
  ETHERNET: LinkType.ethernet,
  RAW: LinkType.raw,
  LINKTYPE_LINUX_SLL: LinkType.cooked,
};

function openDevice(cap: InstanceType<CapModule["Cap"]>, options: TapOptions, buffer: Buffer): number {
  const word = start(cap, options, buffer);
  const type = WORDS[word];
  if (type !== undefined) return type;
  cap.close();
  throw new CaptureError("EUNAVAILABLE", `${LIBPCAP}: ${options.name}: link type ${word} cannot be sampled`);
}

function start(cap: InstanceType<CapModule["Cap"]>, options: TapOptions, buffer: Buffer): string {
  try {
    return cap.open(options.name, "", RING_BYTES, buffer);
  } catch (error) {
    throw new CaptureError("EUNAVAILABLE", `${LIBPCAP}: ${options.name}: ${messageOf(error)}`);
  }
}

/** Sets the time of reading, because `cap` does not pass on the kernel's time stamp. */
function stamp(packet: SoftwarePacket, now: bigint): void {
  packet.seconds = Number(now / 1_000_000_000n);
  packet.nanoseconds = Number(now % 1_000_000_000n);
}
