// One collector, with its own socket, counters and back-off. Never blocks and never throws.

import { errnoName } from "../../../native-shim/errno.ts";
import { parseAddress } from "../../config/address.ts";
import type { Timer } from "../../host/host.ts";
import { makeBackOff } from "../../host/make-back-off.ts";
import { type LimitedLogger, limit } from "../../log/limit.ts";
import type { Logger } from "../../log/logger.ts";
import { messageOf } from "../../log/message-of.ts";
import type { CollectorReport } from "../../report/report.ts";
import { showAddress } from "../../sflow/address.ts";
import {
  bytesOf,
  type Collector,
  type DatagramBatch,
  type Destination,
  type SampleForm,
} from "../../sflow/collector.ts";
import type { Context } from "../module.ts";
import { AddressChoice } from "./address-choice.ts";
import { collectorName } from "./collector-name.ts";
import type { CollectorConfig } from "./config.ts";
import { destinationText } from "./destination-text.ts";
import { FollowedMeaning } from "./followed-meaning.ts";
import { FollowedName } from "./followed-name.ts";
import { describeRefusal, isFull, isUnreachable } from "./refusal.ts";
import { type UdpCounters, zeroCounters } from "./udp-counters.ts";
import { closeUdpSocket, openUdpSocket, redirect, type SocketParts, type UdpSocket } from "./udp-socket.ts";

/** Milliseconds of refusals until they count as an outage. A firewall may refuse one datagram in fifty. */
const PERSISTS = 1000;
/** Milliseconds between attempts. The longest is short, so that an outage ends soon after its cause. */
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 8000;

export class UdpCollector implements Collector {
  readonly name: string;
  readonly form: SampleForm;
  readonly counters: UdpCounters;
  /** Datagrams that the kernel refused, by name of the errno. */
  readonly failures = new Map<string, number>();
  lastError: string | undefined;
  readonly #context: Context;
  readonly #parts: SocketParts;
  readonly #log: Logger;
  readonly #limited: LimitedLogger;
  readonly #backOff = makeBackOff(FIRST_RETRY, LONGEST_RETRY);
  readonly #choice = new AddressChoice((address) => this.#setAddress(address));
  #address: Uint8Array | undefined;
  #socket: UdpSocket | undefined;
  #timer: Timer | undefined;
  /** Reason of the outage that goes on. It is logged once, not once an attempt. */
  #outage: string | undefined;
  /** The uptime of the first refusal since the last success. */
  #refusedSince: number | undefined;
  #meaning: FollowedMeaning | undefined;
  #followed: FollowedName | undefined;
  #unregister: (() => void) | undefined;

  constructor(config: CollectorConfig, context: Context) {
    const { host, interfaces, log } = context;
    this.name = collectorName(config);
    this.form = config.samples;
    this.counters = zeroCounters(this.form);
    this.#context = context;
    this.#parts = { sockets: host.sockets, interfaces, config, ownTraffic: context.ownTraffic };
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
      obstacle: this.#outage === undefined ? undefined : describeRefusal(this.#outage, this.#parts.config),
    };
  }

  start(): void {
    const { ip, addresses } = this.#parts.config;
    this.#meaning = new FollowedMeaning(this.#parts, this.#context, () => this.#reopen());
    const numeric = parseAddress(ip.split("%")[0] as string);
    if (numeric !== undefined) this.#setAddress(numeric);
    else if (addresses !== undefined) this.offer(addresses);
    else this.#followed = new FollowedName(ip, this.#context.host, this.#limited, this.#choice);
  }

  /** Takes the addresses of its name, where another block resolves it. */
  offer(addresses: readonly string[]): void {
    this.#choice.offer(addresses);
  }

  stop(): void {
    this.#meaning?.stop();
    this.#followed?.stop();
    this.#unregister?.();
    this.#unregister = undefined;
    this.#close();
  }

  send(datagrams: DatagramBatch): void {
    const { bytes, offsets, lengths, count } = datagrams;
    const { sockets } = this.#parts;
    this.#meaning?.lookAgain();
    if (datagrams.leftOut !== undefined && datagrams.leftOut > 0) this.#leftOut(datagrams.leftOut);
    let first = 0;
    while (first < count && this.#socket !== undefined) {
      const { fd, to, segments } = this.#socket;
      const joined = segments?.send(datagrams, first, to) ?? 0;
      const taken = joined > 0 ? joined : sockets.send(fd, bytes, offsets, lengths, first, count - first, to);
      if (taken > 0) this.#sent(datagrams, first, taken);
      first += taken > 0 ? taken : this.#refused(taken === 0 ? "EAGAIN" : errnoName(taken), count - first);
    }
    this.counters.unsent += count - first;
  }

  #leftOut(samples: number): void {
    this.counters.leftOut = (this.counters.leftOut ?? 0) + samples;
    this.#limited.warn("compact", () => `samples without a compact form left out so far: ${this.counters.leftOut}`);
  }

  #sent(datagrams: DatagramBatch, first: number, count: number): void {
    this.counters.datagrams += count;
    this.counters.bytes += bytesOf(datagrams, first, count);
    this.#refusedSince = undefined;
    if (this.#outage === undefined) return;
    this.#outage = undefined;
    this.#backOff.reset();
    this.#limited.info("again", "sending again");
  }

  /**
   * Counts the refusal of the first of `left` datagrams, and returns how many not to try now. The next may pass, unless
   * the buffer is full or the refusals persist: then one datagram of each batch is tried.
   */
  #refused(error: string, left: number): number {
    if (isFull(error)) {
      this.counters.full += left;
      this.#limited.warn(error, () => `send buffer full: ${this.counters.full} datagrams dropped so far`);
      return left;
    }
    const now = this.#context.host.clock.uptime();
    this.#refusedSince ??= now;
    // The next datagram may be smaller.
    const persists = error !== "EMSGSIZE" && now - this.#refusedSince >= PERSISTS;
    const refused = persists ? left : 1;
    this.failures.set(error, (this.failures.get(error) ?? 0) + refused);
    this.lastError = error;
    this.#limited.error(error, () => `sending failed: ${describeRefusal(error, this.#parts.config)}`);
    if (persists || isUnreachable(error)) {
      this.#outage = error;
      this.#openLater();
    }
    return refused;
  }

  /**
   * During an outage, opens a new socket with back-off, to another address if this one is unreachable. A new socket
   * helps, for example, after the interface came back under another ifIndex.
   */
  #openLater(): void {
    this.#timer ??= this.#context.host.clock.after(this.#backOff.next(), () => {
      this.#timer = undefined;
      if (this.#outage === undefined) return;
      if (isUnreachable(this.#outage)) this.#address = this.#choice.next() ?? this.#address;
      this.#reopen();
    });
  }

  #open(): void {
    if (this.#address === undefined) return;
    try {
      this.#socket = openUdpSocket(this.#address, this.#parts);
    } catch (error) {
      this.#notOpened(messageOf(error));
      return;
    }
    if (!this.#socket.marked) this.#log.debug(1, "datagrams cannot be marked, so taps sample them like other traffic");
    // Register only with a socket: datagrams made before would get sequence numbers and be lost.
    this.#unregister ??= this.#context.collectors.add(this);
  }

  #notOpened(reason: string): void {
    if (reason !== this.#outage) this.#log.warn(`no socket: ${reason}`);
    this.#outage = reason;
    this.lastError = reason;
    this.#openLater();
  }

  #close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#socket !== undefined) closeUdpSocket(this.#socket, this.#parts);
    this.#socket = undefined;
  }

  #reopen(): void {
    this.#close();
    this.#open();
  }

  /** Keeps the socket if the new address is of the same family. */
  #setAddress(address: Uint8Array): void {
    const sameFamily = this.#address?.length === address.length;
    this.#address = address;
    if (this.#socket === undefined || !sameFamily) this.#reopen();
    else this.#socket = redirect(this.#socket, address, this.#parts);
    if (this.#socket === undefined) return;
    this.#context.log.info(`sending to ${destinationText(this.#parts.config, address)}`);
  }
}
