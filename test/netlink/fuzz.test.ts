// Damaged answers: readers never read beyond the bytes, and end.

import { expect, it } from "vitest";
import { readLacpCounters } from "../../agent/netlink/bond.ts";
import { readFamily } from "../../agent/netlink/generic.ts";
import { readLink } from "../../agent/netlink/link.ts";
import { readLinkAddress } from "../../agent/netlink/link-address.ts";
import { readLinkStats } from "../../agent/netlink/link-stats.ts";
import { errnoOf, readMessages } from "../../agent/netlink/message.ts";
import { seededRandom } from "../seeded-random.ts";
import { bytesOfCapture } from "./capture.ts";

const READERS = [readFamily, readLink, readLinkAddress, readLinkStats, readLacpCounters, errnoOf];

function readAll(bytes: Uint8Array): void {
  for (const message of readMessages(bytes)) {
    expect(message.end).toBeLessThanOrEqual(bytes.length);
    for (const read of READERS) read(message);
  }
}

it.each(["links", "addresses", "stats", "generic-family"])("survives %s cut anywhere", (name) => {
  const bytes = bytesOfCapture(name);
  for (let length = 0; length < bytes.length; length += 11) readAll(bytes.slice(0, length));
});

it.each(["links", "addresses", "stats", "generic-family"])(
  "survives flipped bits, above all in lengths, in %s",
  (name) => {
    const { below } = seededRandom(20);
    const whole = bytesOfCapture(name);
    for (let round = 0; round < 200; round++) {
      const bytes = whole.slice();
      for (let flips = 1 + below(4); flips > 0; flips--) {
        const at = round % 2 === 0 ? below(bytes.length) : below(bytes.length >> 2) << 2;
        bytes[at] = below(3) === 0 ? 0xff : below(256);
      }
      readAll(bytes);
    }
  },
);
