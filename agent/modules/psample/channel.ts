// The netlink channel on which the kernel sends samples. It is looked up and joined, and joined again whenever the
// kernel module is loaded. See linux/genetlink.h, linux/psample.h.

import type { Shim } from "../../../native-shim/shim.ts";
import type { Clock, Timer } from "../../host/host.ts";
import { messageOf } from "../../log/message-of.ts";
import type { GenericFamily } from "../../netlink/generic.ts";
import { PSAMPLE_FAMILY, PSAMPLE_MESSAGE_BYTES, PSAMPLE_PACKETS } from "../../netlink/psample.ts";
import { findFamily } from "../../sockets/find-family.ts";
import { type NetlinkGroups, type NetlinkListener, openNetlinkGroups } from "../../sockets/netlink-groups.ts";
import { openNetlinkSocket } from "../../sockets/netlink-socket.ts";
import { NETLINK_GENERIC } from "../../sockets/socket-constants.ts";

/** Generic netlink's controller, and its multicast group with notices about added and removed families. */
const CONTROLLER = "nlctrl";
const NOTICES = "notify";

/** Receive buffer in bytes. It holds 8,000 samples of 1 KiB, for the time that the agent is busy. */
const BUFFER_BYTES = 8 * 1024 * 1024;
const MESSAGES_A_READ = 32;
/**
 * Milliseconds between attempts to join. They are for changes that the controller does not report, such as a permission
 * granted later. It does report when the module is loaded.
 */
const RETRY_MILLISECONDS = 60_000;

export interface Obstacle {
  readonly obstacle: string;
  /** What an operator can do about the obstacle. */
  readonly remedy: string;
}

const NO_MODULE: Obstacle = {
  obstacle: "the kernel has no psample channel: its module psample is not loaded",
  remedy:
    "modprobe psample, and have packets sampled, such as by: tc qdisc add dev eth0 clsact; " +
    "tc filter add dev eth0 ingress matchall action sample rate 1000 group 1",
};
const PERMISSION =
  "restart the agent as root, or add AmbientCapabilities=CAP_NET_ADMIN and CapabilityBoundingSet=CAP_NET_ADMIN " +
  "to its service";
const TRIED_AGAIN = "the agent tries again every minute";

export class PsampleChannel {
  readonly #sockets: Shim;
  readonly #clock: Clock;
  readonly #listener: NetlinkListener;
  readonly #changed: (now: Obstacle | undefined) => void;
  #notices: NetlinkGroups | undefined;
  #samples: NetlinkGroups | undefined;
  /** The family that `#samples` belongs to. A family gets another number when the module is loaded again. */
  #family: GenericFamily | undefined;
  #retry: Timer | undefined;
  #obstacle: Obstacle | undefined;

  /** Calls `changed` when the channel is opened or closed, and when the obstacle changes. */
  constructor(
    sockets: Shim,
    clock: Clock,
    listener: NetlinkListener,
    changed: (obstacle: Obstacle | undefined) => void,
  ) {
    this.#sockets = sockets;
    this.#clock = clock;
    this.#listener = listener;
    this.#changed = changed;
  }

  get obstacle(): Obstacle | undefined {
    return this.#obstacle;
  }

  open(): void {
    this.#look();
    this.#retry = this.#clock.every(RETRY_MILLISECONDS, () => this.#look());
  }

  close(): void {
    this.#retry?.cancel();
    this.#notices?.close();
    this.#samples?.close();
    this.#notices = undefined;
    this.#samples = undefined;
  }

  /** Joins or leaves the channel, depending on whether the kernel has it now. */
  #look(): void {
    try {
      this.#join(this.#find());
    } catch (error) {
      this.#leave();
      const remedy = (error as { code?: string }).code === "EPERM" ? PERMISSION : TRIED_AGAIN;
      this.#say({ obstacle: `the psample channel cannot be joined: ${messageOf(error)}`, remedy });
    }
  }

  #find(): GenericFamily | undefined {
    const socket = openNetlinkSocket(this.#sockets, NETLINK_GENERIC);
    try {
      // Listens for notices before the look-up, so that it misses no module that is loaded in between.
      this.#notices ??= this.#listen(findFamily(socket, CONTROLLER)?.groups.get(NOTICES));
      return findFamily(socket, PSAMPLE_FAMILY);
    } finally {
      socket.close();
    }
  }

  #listen(group: number | undefined): NetlinkGroups | undefined {
    if (group === undefined) return undefined;
    const notices = openNetlinkGroups(this.#sockets, NETLINK_GENERIC, { groups: [group] });
    notices.listen({ onMessages: () => this.#look(), onLost: () => this.#look() });
    return notices;
  }

  #join(family: GenericFamily | undefined): void {
    const group = family?.groups.get(PSAMPLE_PACKETS);
    if (this.#samples !== undefined && family?.id === this.#family?.id) return;
    this.#leave();
    if (family === undefined || group === undefined) {
      this.#say(NO_MODULE);
      return;
    }
    this.#samples = openNetlinkGroups(this.#sockets, NETLINK_GENERIC, {
      groups: [group],
      bufferBytes: BUFFER_BYTES,
      stride: PSAMPLE_MESSAGE_BYTES,
      slots: MESSAGES_A_READ,
    });
    this.#family = family;
    this.#samples.listen(this.#listener);
    this.#say(undefined);
  }

  #leave(): void {
    this.#samples?.close();
    this.#samples = undefined;
    this.#family = undefined;
  }

  #say(obstacle: Obstacle | undefined): void {
    if (obstacle?.obstacle === this.#obstacle?.obstacle && (obstacle !== undefined || this.#family === undefined))
      return;
    this.#obstacle = obstacle;
    this.#changed(obstacle);
  }
}
