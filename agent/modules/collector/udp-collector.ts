// One collector: a socket of its own, counters of its own, and a back-off of its own. It never waits and never throws.

import { errnoName } from "../../../native-shim/errno.ts";
import { parseAddress } from "../../config/address.ts";
import type { Timer } from "../../host/host.ts";
import { type LimitedLogger, limit } from "../../log/limit.ts";
import type { Logger } from "../../log/logger.ts";
import { messageOf } from "../../log/message-of.ts";
import type { CollectorReport } from "../../report/report.ts";
import { showAddress } from "../../sflow/address.ts";
import { bytesOf, type Collector, type DatagramBatch, type Destination, NO_BYTES } from "../../sflow/collector.ts";
import type { Context } from "../module.ts";
import { type AddressChoice, chooseAddress } from "./address-choice.ts";
import { collectorName } from "./collector-name.ts";
import type { CollectorConfig } from "./config.ts";
import { type FollowedName, followName } from "./names.ts";
import { describeErrno, isFull } from "./refusal.ts";
import { destination, openUdpSocket, type SocketParts, type UdpSocket } from "./udp-socket.ts";

export interface UdpCollectorCounters {
  datagrams: number;
  bytes: number;
  /** Datagrams the send buffer had no room for. */
  full: number;
  /** Datagrams that came while there was no socket. */
  unsent: number;
}

/** Milliseconds between attempts: an outage must end soon after its cause. */
const FIRST_RETRY = 1000;
const LAST_RETRY = 8000;

export class UdpCollector implements Collector {
  readonly name: string;
  readonly counters: UdpCollectorCounters = { datagrams: 0, bytes: NO_BYTES, full: 0, unsent: 0 };
  /** Datagrams the kernel refused, by the name of the errno. */
  readonly failures = new Map<string, number>();
  lastError: string | undefined;
  readonly #context: Context;
  readonly #parts: SocketParts;
  readonly #log: Logger;
  readonly #limited: LimitedLogger;
  #address: Uint8Array | undefined;
  #socket: UdpSocket | undefined;
  #retry = FIRST_RETRY;
  #timer: Timer | undefined;
  /** What was said of the outage that goes on: it is said once, not once an attempt. */
  #said: string | undefined;
  readonly #choice: AddressChoice = chooseAddress((address) => this.#setAddress(address));
  #followed: FollowedName | undefined;
  #leave: (() => void) | undefined;
  #ignoreChanges: (() => void) | undefined;

  constructor(config: CollectorConfig, context: Context) {
    const { host, interfaces, log } = context;
    this.name = collectorName(config);
    this.#context = context;
    this.#parts = { sockets: host.sockets, interfaces, config };
    this.#log = log.child(this.name);
    this.#limited = limit(this.#log, host.clock);
  }

  get destination(): Destination | undefined {
    const { udpport: port, dev: device, namespace } = this.#parts.config;
    return this.#address && { address: this.#address, port, device, namespace };
  }

  report(): CollectorReport {
    const { datagrams, bytes, full, unsent } = this.counters;
    const refused = [...this.failures.values()].reduce((sum, count) => sum + count, 0);
    return {
      name: this.name,
      address: this.#address && showAddress(this.#address),
      open: this.#socket !== undefined,
      sent: datagrams,
      bytes,
      failed: full + unsent + refused,
      lastError: this.lastError,
      obstacle: this.#said === undefined ? undefined : describeErrno(this.#said),
    };
  }

  start(): void {
    const { ip, addresses } = this.#parts.config;
    this.#followDevice();
    const numeric = parseAddress(ip.split("%")[0] as string);
    if (numeric !== undefined) this.#setAddress(numeric);
    else if (addresses !== undefined) this.offer(addresses);
    else this.#followed = followName(ip, this.#context.host, this.#limited, this.#choice);
  }

  /** What its name has become, where somebody else asks for it. */
  offer(addresses: readonly string[]): void {
    this.#choice.offer(addresses);
  }

  stop(): void {
    this.#ignoreChanges?.();
    this.#followed?.stop();
    this.#leave?.();
    this.#leave = undefined;
    this.#close();
  }

  send(datagrams: DatagramBatch): void {
    const { bytes, offsets, lengths, count } = datagrams;
    const { sockets } = this.#parts;
    let first = 0;
    while (first < count && this.#socket !== undefined) {
      const { fd, to, segments } = this.#socket;
      const joined = segments.send(datagrams, first, to);
      const taken = joined > 0 ? joined : sockets.send(fd, bytes, offsets, lengths, first, count - first, to);
      if (taken > 0) this.#sent(datagrams, first, taken);
      else if (!this.#refused(taken === 0 ? "EAGAIN" : errnoName(taken), count - first)) return;
      first += Math.max(taken, 1);
    }
    this.counters.unsent += count - first;
  }

  #sent(datagrams: DatagramBatch, first: number, count: number): void {
    this.counters.datagrams += count;
    this.counters.bytes += bytesOf(datagrams, first, count);
    if (this.#said === undefined) return;
    this.#said = undefined;
    this.#retry = FIRST_RETRY;
    this.#limited.info("again", "sending again");
  }

  /**
   * `left` datagrams of a batch did not go. True where only the first of them is at fault, and the others may be tried.
   */
  #refused(error: string, left: number): boolean {
    if (isFull(error)) {
      this.counters.full += left;
      this.#limited.warn(error, () => `send buffer full: ${this.counters.full} datagrams dropped so far`);
      return false;
    }
    const onlyThis = error === "EMSGSIZE";
    this.failures.set(error, (this.failures.get(error) ?? 0) + (onlyThis ? 1 : left));
    this.lastError = error;
    this.#limited.error(error, () => `sending failed: ${describeErrno(error)}`);
    if (!onlyThis) this.#interrupt(error);
    return onlyThis;
  }

  /** A fresh socket after a while cures what a socket can: an interface that came back under another index, for one. */
  #interrupt(error: string): void {
    this.#said = error;
    this.#close();
    this.#tryLater();
    if (error === "ENETUNREACH" || error === "EHOSTUNREACH") this.#address = this.#choice.next() ?? this.#address;
  }

  #open(): void {
    this.#timer?.cancel();
    if (this.#address === undefined) return;
    try {
      this.#socket = openUdpSocket(this.#address, this.#parts);
    } catch (error) {
      this.#notOpened(messageOf(error));
      return;
    }
    if (!this.#socket.marked) this.#log.debug(1, "datagrams cannot be marked, and are sampled like other traffic");
    // It joins with its first socket, for what is sent before that would be numbered and lost.
    this.#leave ??= this.#context.collectors.add(this);
  }

  #notOpened(reason: string): void {
    if (reason !== this.#said) this.#log.warn(`no socket: ${reason}`);
    this.#said = reason;
    this.lastError = reason;
    this.#tryLater();
  }

  #close(): void {
    this.#timer?.cancel();
    if (this.#socket !== undefined) this.#parts.sockets.close(this.#socket.fd);
    this.#socket = undefined;
  }

  #tryLater(): void {
    this.#timer?.cancel();
    this.#timer = this.#context.host.clock.after(this.#retry, () => this.#open());
    this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
  }

  #reopen(): void {
    this.#close();
    this.#open();
  }

  /** A new address of the same family keeps the socket. */
  #setAddress(address: Uint8Array): void {
    const sameFamily = this.#address?.length === address.length;
    this.#address = address;
    if (this.#socket === undefined || !sameFamily) this.#reopen();
    else this.#socket = { ...this.#socket, to: destination(address, this.#parts, this.#socket.interfaceIndex) };
  }

  /** An interface that comes, goes or changes its name: `dev` means whoever bears it now. */
  #followDevice(): void {
    const { interfaces, config } = this.#parts;
    const { dev, namespace } = config;
    if (dev === undefined || namespace !== undefined) return;
    this.#ignoreChanges = this.#context.interfaces.onChange(() => {
      if (interfaces.byName(dev)?.index !== this.#socket?.interfaceIndex) this.#reopen();
    });
  }
}
