// One run of `hsflowd decode`: prints the datagrams, and reports damaged and missing ones.

import type { Problem } from "../../sflow/decode/values.ts";
import { decodeDatagram } from "../../sflow/decode.ts";
import { linesText, type Printable } from "../../text/printable.ts";
import type { PrintableBytes } from "../../text/printable-buffer.ts";
import { AgentTable } from "./agent-table.ts";
import type { Origin } from "./datagram.ts";
import { Printer, type Shape } from "./printer.ts";

export interface Output {
  out(chunk: PrintableBytes): void;
  complain(text: Printable): void;
  /** A promise for when the reader of the output has caught up or is gone; undefined if it keeps up. */
  readonly behind?: Promise<void> | undefined;
}

/** Takes what is found in an input. */
export interface DatagramSink {
  /** Prints a datagram. `flaw` says why its end is missing. */
  take(bytes: Uint8Array, origin: Origin, flaw?: string): void;
  /** Reports a problem of the input that is not inside one datagram. */
  report(problem: string): void;
  /** Prints something to know about the input that is not a problem. */
  remark(text: string): void;
}

export class Session implements DatagramSink {
  readonly #output: Output;
  readonly #printer: Printer;
  /** The input that problems outside datagrams belong to. */
  readonly #input: string;
  readonly #agents = new AgentTable();
  #datagrams = 0;
  #problems = 0;
  #notShown = 0;

  constructor(shape: Shape, output: Output, input = "") {
    this.#output = output;
    this.#printer = new Printer(shape, (chunk) => output.out(chunk));
    this.#input = input;
  }

  take(bytes: Uint8Array, origin: Origin, flaw?: string): void {
    this.#datagrams++;
    const { problems, datagram } = this.#printer.print(bytes, origin);
    if (problems.length > 0 || flaw !== undefined) this.#reportAll(problems, origin, flaw);
    if (datagram !== undefined) this.#agents.count(datagram);
  }

  /** Prints a datagram that cannot wait, and writes it. While the reader is behind, only counts the datagram. */
  takeLive(bytes: Uint8Array, origin: Origin): void {
    if (this.#output.behind === undefined) {
      this.take(bytes, origin);
      this.#printer.flush();
      return;
    }
    this.#datagrams++;
    this.#notShown++;
    const { datagram } = decodeDatagram(bytes);
    if (datagram !== undefined) this.#agents.count(datagram);
  }

  /** Writes what was printed. Returns a promise to wait for before more is printed, or undefined. */
  flush(): Promise<void> | undefined {
    this.#printer.flush();
    return this.#output.behind;
  }

  report(problem: string): void {
    this.#complain(this.#input === "" ? problem : `${this.#input}: ${problem}`);
    this.#problems++;
  }

  remark(text: string): void {
    this.#complain(text);
  }

  /**
   * Reports missing datagrams, or prints `nothing` if there was neither a datagram nor a problem. Returns the exit
   * code: 1 if there was a problem or no datagram.
   */
  finish(nothing: string): number {
    this.#printer.flush();
    if (this.#notShown > 0)
      this.#complain(`${this.#notShown} datagrams are not shown, because the output was not read in time`);
    this.#reportAgents();
    if (this.#datagrams + this.#problems === 0) this.#complain(nothing);
    return this.#datagrams === 0 || this.#problems > 0 ? 1 : 0;
  }

  /** Problems go to another stream, so the datagram that they are about is written first. */
  #reportAll(problems: readonly Problem[], { source }: Origin, flaw: string | undefined): void {
    this.#printer.flush();
    this.#problems += problems.length + (flaw === undefined ? 0 : 1);
    const datagram = `datagram ${this.#datagrams}${source === undefined ? "" : ` from ${source}`}`;
    for (const { path, offset, message } of problems)
      this.#complain(`${datagram}: ${path === "datagram" ? "" : `${path}, `}offset ${offset}: ${message}`);
    if (flaw !== undefined) this.#complain(`${datagram}: ${flaw}`);
  }

  #reportAgents(): void {
    for (const { agent, missing } of this.#agents.lossy())
      this.#complain(`${missing} datagrams of agent ${agent} are missing`);
    const { forgotten } = this.#agents;
    if (forgotten.agents === 0) return;
    const known = forgotten.missing === 0 ? "" : `; ${forgotten.missing} of their datagrams were missing before`;
    this.#complain(`${forgotten.agents} agents were forgotten, because too many sent datagrams${known}`);
  }

  #complain(text: string): void {
    this.#output.complain(linesText([text]));
  }
}
