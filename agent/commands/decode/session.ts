// One run of `hsflowd decode`: prints the datagrams, and reports damaged and missing ones.

import { showAddress } from "../../sflow/address.ts";
import { makeContinuity } from "../../sflow/continuity.ts";
import type { Datagram, Problem } from "../../sflow/decode/values.ts";
import { linesText, type Printable } from "../../text/printable.ts";
import { decodeLines, type Shape } from "./lines.ts";
import type { Origin } from "./tree.ts";

export interface Output {
  out(text: Printable): void;
  complain(text: Printable): void;
}

export interface Session {
  readonly problems: number;
  take(bytes: Uint8Array, origin: Origin): void;
  /**
   * Reports missing datagrams, or prints `nothing` if there was no datagram at all. Returns the exit code: 1 if a
   * datagram was damaged or there was none.
   */
  finish(nothing: string): number;
}

export function makeSession(shape: Shape, { out, complain }: Output): Session {
  const counts = { datagrams: 0, problems: 0 };
  const missing = new Map<string, number>();
  const follow = makeContinuity();

  function report(problems: readonly Problem[], origin: Origin): void {
    counts.problems += problems.length;
    const from = origin.source === undefined ? "" : ` from ${origin.source}`;
    for (const { path, message } of problems) {
      const where = path === "datagram" ? "" : `${path}: `;
      complain(linesText([`datagram ${counts.datagrams}${from}: ${where}${message}`]));
    }
  }

  function count({ agentAddress, subAgentId, sequenceNumber, uptime }: Datagram): void {
    const agent = `${showAddress(agentAddress)}/${subAgentId}`;
    const step = follow(agent, sequenceNumber, uptime);
    const change = step.step === "late" ? -1 : step.missing;
    if (change !== 0) missing.set(agent, Math.max(0, (missing.get(agent) ?? 0) + change));
  }

  return {
    get problems() {
      return counts.problems;
    },
    take(bytes, origin) {
      counts.datagrams++;
      const { lines, problems, datagram } = decodeLines(bytes, origin, shape);
      if (lines.length > 0) out(linesText(lines));
      report(problems, origin);
      if (datagram !== undefined) count(datagram);
    },
    finish(nothing) {
      for (const [agent, datagrams] of missing) {
        if (datagrams > 0) complain(linesText([`${datagrams} datagrams of agent ${agent} are missing`]));
      }
      if (counts.datagrams === 0) complain(linesText([nothing]));
      return counts.datagrams === 0 || counts.problems > 0 ? 1 : 0;
    },
  };
}
