// One run of `hsflowd decode`: prints the datagrams, and reports damaged and missing ones.

import type { Problem } from "../../sflow/decode/values.ts";
import { linesText, type Printable } from "../../text/printable.ts";
import { AgentTable } from "./agent-table.ts";
import { decodeLines, type Shape } from "./lines.ts";
import type { Origin } from "./tree.ts";

export interface Output {
  out(text: Printable): void;
  complain(text: Printable): void;
}

export interface Session {
  /** Prints a datagram. `flaw` says why its end is missing. */
  take(bytes: Uint8Array, origin: Origin, flaw?: string): void;
  /** Reports a problem of the input that is not inside one datagram. */
  report(problem: string): void;
  /** Prints something to know about the input that is not a problem. */
  remark(text: string): void;
  /**
   * Reports missing datagrams, or prints `nothing` if there was neither a datagram nor a problem. Returns the exit
   * code: 1 if there was a problem or no datagram.
   */
  finish(nothing: string): number;
}

export function makeSession(shape: Shape, { out, complain }: Output): Session {
  const counts = { datagrams: 0, problems: 0 };
  const agents = new AgentTable();

  function report(problem: string): void {
    counts.problems++;
    complain(linesText([problem]));
  }

  function reportAll(problems: readonly Problem[], { source }: Origin, flaw: string | undefined): void {
    const datagram = `datagram ${counts.datagrams}${source === undefined ? "" : ` from ${source}`}`;
    for (const { path, message } of problems) {
      report(`${datagram}: ${path === "datagram" ? "" : `${path}: `}${message}`);
    }
    if (flaw !== undefined) report(`${datagram}: ${flaw}`);
  }

  function reportAgents(): void {
    for (const { agent, missing } of agents.lossy())
      complain(linesText([`${missing} datagrams of agent ${agent} are missing`]));
    const { forgotten } = agents;
    if (forgotten.agents === 0) return;
    const known = forgotten.missing === 0 ? "" : `; ${forgotten.missing} of their datagrams were missing before`;
    complain(linesText([`${forgotten.agents} agents were forgotten, because too many sent datagrams${known}`]));
  }

  return {
    take(bytes, origin, flaw) {
      counts.datagrams++;
      const { lines, problems, datagram } = decodeLines(bytes, origin, shape);
      if (lines.length > 0) out(linesText(lines));
      reportAll(problems, origin, flaw);
      if (datagram !== undefined) agents.count(datagram);
    },
    report,
    remark: (text) => complain(linesText([text])),
    finish(nothing) {
      reportAgents();
      if (counts.datagrams + counts.problems === 0) complain(linesText([nothing]));
      return counts.datagrams === 0 || counts.problems > 0 ? 1 : 0;
    },
  };
}
