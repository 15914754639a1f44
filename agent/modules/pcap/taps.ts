// Keeps one tap open for each interface that a block matches, while interfaces are added, changed and removed.

import type { CaptureEngine, Tap, TapOptions } from "../../capture/engine.ts";
import { interfacesByMac } from "../../capture/ports.ts";
import type { Steps } from "../../config/steps.ts";
import type { Timer } from "../../host/host.ts";
import { WorkQueue } from "../../host/work-queue.ts";
import type { Adaptor, AdaptorChange } from "../../interfaces/adaptor.ts";
import { UplinkChanges } from "../../interfaces/uplink-changes.ts";
import type { TapReport } from "../../report/report.ts";
import type { Context } from "../module.ts";
import type { BackOff } from "./back-off.ts";
import { BackOffs } from "./back-offs.ts";
import type { PcapConfig } from "./config.ts";
import { needsAnotherSocket, type OpenTap } from "./open-tap.ts";
import { reportingTaps } from "./report.ts";
import { type Decision, decide } from "./select.ts";
import { zeroTapCounters } from "./tap-counters.ts";
import { TapFlow, type TapFlowContext } from "./tap-flow.ts";

/** Minimum number of bytes to capture: the link-layer header, which says what protocol follows. */
const LEAST_BYTES = 14;
/** Milliseconds until the next attempt after a tap could not be opened. A change of its interface causes one too. */
const RETRY_MILLISECONDS = 10_000;

export class Taps {
  readonly counters = zeroTapCounters();
  #blocks: readonly PcapConfig[];
  readonly #context: Context;
  readonly #engineOf: (block: PcapConfig) => CaptureEngine;
  readonly #flowContext: TapFlowContext;
  readonly #open = new Map<number, OpenTap>();
  readonly #backOffs: BackOffs;
  /** Opening, changing or closing a tap takes up to 12 ms, in which the kernel waits for its processors. */
  readonly #queue: WorkQueue;
  readonly #uplinkChanges: UplinkChanges;
  /** The last failure logged for an interface, so that each is logged once. */
  readonly #said = new Map<number, string>();
  #byMac: ReadonlyMap<number, number> | undefined;
  #leave: (() => void) | undefined;
  #retry: Timer | undefined;
  /** Set while we call `interfaces.poll`, whose change notice would re-enter us. */
  #wishing = false;

  constructor(blocks: readonly PcapConfig[], context: Context, engineOf: (block: PcapConfig) => CaptureEngine) {
    this.#blocks = blocks;
    this.#context = context;
    this.#engineOf = engineOf;
    this.#backOffs = new BackOffs(context.host.clock, context.log);
    this.#queue = new WorkQueue(context.host.clock);
    this.#uplinkChanges = new UplinkChanges(context.interfaces);
    const byMac = (): ReadonlyMap<number, number> => {
      this.#byMac ??= interfacesByMac(context.interfaces);
      return this.#byMac;
    };
    this.#flowContext = { ...context, byMac, counters: this.counters };
  }

  /** Returns before all taps are open if there are many, so that commands are answered meanwhile. */
  start(): void {
    const { interfaces, host } = this.#context;
    this.#leave = interfaces.onChange((change) => this.#changed(change));
    this.#retry = host.clock.every(RETRY_MILLISECONDS, () => this.#reconcileAll((index) => !this.#open.has(index)));
    this.#reconcileAll();
    this.#sayMissing();
  }

  /** Resolves when all taps are closed. */
  stop(): Promise<void> {
    this.#queue.clear();
    this.#leave?.();
    this.#retry?.cancel();
    for (const index of this.#open.keys()) this.#queue.add(() => this.#close(index));
    return this.#queue.idle();
  }

  /** Applies other blocks or settings. Each tap that is still wanted stays open. Resolves when all are changed. */
  reconfigure(blocks: readonly PcapConfig[]): Promise<void> {
    this.#blocks = blocks;
    this.#said.clear();
    this.restore();
    this.#sayMissing();
    return this.#queue.idle();
  }

  /** Restores the configured rates of all taps. */
  restore(): void {
    this.#backOffs.restore();
    this.#reconcileAll();
  }

  /** Memory of the kernel's buffers of all taps. */
  get bufferBytes(): number {
    return [...this.#open.values()].reduce((sum, { tap }) => sum + tap.bufferBytes, 0);
  }

  reporting(): Steps<TapReport[]> {
    return reportingTaps(this.#blocks, this.#context, {
      tap: (index) => this.#open.get(index)?.tap,
      said: (index) => this.#said.get(index),
      engine: (block) => this.#engineOf(block).name,
    });
  }

  #changed(change: AdaptorChange): void {
    if (this.#wishing) return;
    this.#byMac = undefined;
    if (change.kind === "removed") this.#removed(change.adaptor);
    else this.#reconcileSoon(change.adaptor.index);
    for (const { index } of this.#uplinkChanges.next()) this.#reconcileSoon(index);
  }

  #removed({ index, name }: Adaptor): void {
    this.#said.delete(index);
    this.#backOffs.forget(index);
    for (const { flow } of this.#open.values()) flow.forget(index);
    if (this.#close(index)) this.#context.log.info(`${name}: removed, no longer sampled`);
  }

  #reconcileAll(isWanted = (_index: number): boolean => true): void {
    for (const { index } of this.#context.interfaces.all()) if (isWanted(index)) this.#reconcileSoon(index);
  }

  /** By the time of its turn, the interface may have changed. */
  #reconcileSoon(index: number): void {
    this.#queue.add(() => {
      const adaptor = this.#context.interfaces.byIndex(index);
      if (adaptor !== undefined) this.#reconcile(adaptor);
    });
  }

  /** Opens, changes or closes the tap of one interface, as blocks and settings say now. */
  #reconcile(adaptor: Adaptor): void {
    const decision = decide(this.#blocks, adaptor, this.#context);
    const { block, rate } = decision;
    const open = this.#open.get(adaptor.index);
    if (block === undefined || rate === 0) this.#leaveOut(adaptor, decision);
    else if (open === undefined) this.#openTap(adaptor, block, decision);
    else if (needsAnotherSocket(open, adaptor, block) || open.engine !== this.#engineOf(block)) {
      this.#close(adaptor.index);
      this.#openTap(adaptor, block, decision);
    } else this.#adjust(open, adaptor, block, decision);
  }

  #adjust(open: OpenTap, adaptor: Adaptor, block: PcapConfig, decision: Decision): void {
    const { rate } = this.#backOff(adaptor, block, decision);
    open.adaptor = adaptor;
    open.flow.changed(adaptor);
    open.tap.setHeaderBytes(this.#bytes());
    if (open.tap.options.samplingRate === rate) return;
    open.tap.setSamplingRate(rate);
    this.#context.log.info(`${adaptor.name}: sampled 1-in-${rate} from now on (${decision.why})`);
  }

  #leaveOut(adaptor: Adaptor, { why }: Decision): void {
    this.#said.delete(adaptor.index);
    if (this.#close(adaptor.index)) this.#context.log.info(`${adaptor.name}: no longer sampled: ${why}`);
    else this.#context.log.debug(1, () => `${adaptor.name}: not sampled: ${why}`);
  }

  #backOff({ index }: Adaptor, block: PcapConfig, { rate }: Decision): BackOff {
    return this.#backOffs.of(index, rate, block["sampling.limit"] ?? this.#context.settings.samplingLimit);
  }

  #openTap(adaptor: Adaptor, block: PcapConfig, decision: Decision): void {
    const backOff = this.#backOff(adaptor, block, decision);
    const flow = new TapFlow(this.#flowContext, adaptor, block.vport);
    const options: TapOptions = {
      index: adaptor.index,
      name: adaptor.device,
      hardwareType: adaptor.hardwareType,
      samplingRate: backOff.rate,
      headerBytes: this.#bytes(),
      promiscuous: block.promisc,
    };
    try {
      const engine = this.#engineOf(block);
      const tap = engine.open(
        options,
        (captured) => {
          flow.write(captured);
          backOff.saw(tap, captured.count + captured.drops);
        },
        (reason) => this.#ended(adaptor.index, tap, reason),
      );
      this.#opened({ tap, engine, vport: block.vport, flow, adaptor, stopPolling: () => undefined }, decision);
    } catch (error) {
      this.#failed(adaptor, error as Error);
    }
  }

  #opened(open: OpenTap, { why }: Decision): void {
    const { index, name } = open.adaptor;
    this.#open.set(index, open);
    this.counters.taps++;
    this.#said.delete(index);
    this.#wish(() => {
      open.stopPolling = this.#context.interfaces.poll(index);
    });
    this.#context.log.info(`${name}: sampled 1-in-${open.tap.options.samplingRate} (${why})`);
  }

  #failed({ index, name }: Adaptor, { message }: Error): void {
    this.counters.failures++;
    if (this.#said.get(index) === message) return;
    this.#said.set(index, message);
    this.#context.log.warn(`${name} cannot be sampled: ${message}`);
  }

  #ended(index: number, tap: Tap, reason: string): void {
    const open = this.#open.get(index);
    if (open?.tap !== tap) return;
    this.#close(index);
    this.#context.log.info(`${open.adaptor.name}: no longer sampled: ${reason}`);
  }

  /** Closes the tap of an interface. Returns true if there was one. */
  #close(index: number): boolean {
    const open = this.#open.get(index);
    if (open === undefined) return false;
    this.#open.delete(index);
    this.counters.taps--;
    open.tap.close();
    this.#wish(() => {
      open.flow.close();
      open.stopPolling();
    });
    return true;
  }

  #wish(tell: () => void): void {
    this.#wishing = true;
    tell();
    this.#wishing = false;
  }

  #sayMissing(): void {
    for (const { dev } of this.#blocks) {
      if (dev !== undefined && this.#context.interfaces.byName(dev) === undefined)
        this.#context.log.warn(`there is no interface ${dev}: it is sampled as soon as it appears`);
    }
  }

  readonly #bytes = (): number => Math.max(this.#context.settings.headerBytes, LEAST_BYTES);
}
