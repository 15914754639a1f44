// The socket that the kernel sends samples to: found, joined, and found again when the module comes back.
// linux/genetlink.h, linux/psample.h

import type { Shim } from "../../../native-shim/shim.ts";
import type { Clock, Timer } from "../../host/host.ts";
import { messageOf } from "../../log/message-of.ts";
import type { GenericFamily } from "../../netlink/generic.ts";
import { PSAMPLE_FAMILY, PSAMPLE_MESSAGE_BYTES, PSAMPLE_PACKETS } from "../../netlink/psample.ts";
import { findFamily } from "../../sockets/find-family.ts";
import { type NetlinkGroups, type NetlinkListener, openNetlinkGroups } from "../../sockets/netlink-groups.ts";
import { openNetlinkSocket } from "../../sockets/netlink-socket.ts";
import { NETLINK_GENERIC } from "../../sockets/socket-constants.ts";

/** The controller of generic netlink, and its group that says which families come and go. */
const CONTROLLER = "nlctrl";
const NOTICES = "notify";

/** Samples that come while the agent is busy: at 1 KiB each, 8,000 of them. */
const BUFFER_BYTES = 8 * 1024 * 1024;
const MESSAGES_A_READ = 32;
/**
 * The controller says when the module is loaded, so this is for what it does not say, such as a permission that was
 * given later.
 */
const RETRY_MILLISECONDS = 60_000;

export interface Obstacle {
  readonly obstacle: string;
  /** What an operator does about it. */
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
  /** The family that `#samples` belongs to. A module that is loaded again has another number. */
  #family: GenericFamily | undefined;
  #retry: Timer | undefined;
  #obstacle: Obstacle | undefined;

  /** `changed` is called when the channel opens, closes, or meets another obstacle. */
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

  /** Brings the socket to what the kernel has now. */
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
      // First, so that no module is loaded between the question and the notice.
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
