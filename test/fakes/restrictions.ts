// The part of a fake shim by which an agent gives up privileges: it keeps what the agent asked for.

import { constants } from "node:os";
import { makeShimError } from "../../native-shim/errno.ts";
import type { Shim } from "../../native-shim/shim.ts";

export class FakeRestrictions {
  readonly became: Parameters<Shim["become"]>[] = [];
  readonly confined: Parameters<Shim["confine"]>[] = [];
  /** The rules of the only ruleset. */
  readonly rules: Uint8Array[] = [];

  become(...as: Parameters<Shim["become"]>): void {
    this.became.push(as);
  }

  /** Fake clocks have timers of their own. */
  alarm(): never {
    throw new Error("there are no alarms");
  }

  /** No other process locks the files of a test. */
  lock(): boolean {
    return true;
  }

  /** No other process listens on a unix socket. */
  exchange(): never {
    throw makeShimError(-constants.errno.ECONNRESET, "recvmsg");
  }

  ruleset(): number {
    return 3;
  }

  rule(_ruleset: number, _type: number, rule: Uint8Array): void {
    this.rules.push(rule);
  }

  confine(...by: Parameters<Shim["confine"]>): void {
    this.confined.push(by);
  }
}
