// An open tap with the objects that belong to it.

import type { CaptureEngine, Tap } from "../../capture/engine.ts";
import type { Adaptor } from "../../interfaces/adaptor.ts";
import type { PcapConfig } from "./config.ts";
import type { TapFlow } from "./tap-flow.ts";

export interface OpenTap {
  readonly tap: Tap;
  readonly engine: CaptureEngine;
  readonly vport: boolean | undefined;
  readonly flow: TapFlow;
  adaptor: Adaptor;
  stopPolling: () => void;
}

/** Returns true if only rate and header length differ: an open socket can change these, but not its interface. */
export const needsAnotherSocket = ({ tap, vport, adaptor }: OpenTap, now: Adaptor, block: PcapConfig): boolean =>
  vport !== block.vport ||
  adaptor.device !== now.device ||
  adaptor.hardwareType !== now.hardwareType ||
  adaptor.kind !== now.kind ||
  tap.options.promiscuous !== block.promisc;
