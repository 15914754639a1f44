// The UUID of the host: the order of its sources, values that are rejected, and the derivation of hsflowd.

import { expect, test } from "vitest";
import { parseUuid, showUuid } from "../../agent/config/uuid.ts";
import { derivedUuid, hostUuid } from "../../agent/host/identity.ts";
import { memoryFiles } from "../fakes/files.ts";

const GIVEN = "11111111-2222-3333-4444-555555555555";
const PRODUCT = "4c4c4544-0042-3510-8054-b7c04f564a31";
const MACHINE_ID = "3d1219c7c4c5404aaa1f6d2a48adfda4";

const bytes = (text: string): Uint8Array => parseUuid(text) ?? new Uint8Array(0);

function choose(texts: Record<string, string>, options: { uuid?: string; machineId?: string } = {}) {
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const uuid = hostUuid(
    memoryFiles(texts),
    {
      uuid: options.uuid === undefined ? undefined : bytes(options.uuid),
      machineId: options.machineId === undefined ? undefined : bytes(options.machineId),
    },
    { info: say, warn: say },
  );
  return { uuid: showUuid(uuid), said };
}

const BOARD = { "/sys/class/dmi/id/product_uuid": `${PRODUCT.toUpperCase()}\n` };
const IDS = { "/etc/machine-id": `${MACHINE_ID}\n` };

test("the configured UUID comes first, then the board, then the machine id", () => {
  expect(choose({ ...BOARD, ...IDS }, { uuid: GIVEN }).uuid).toBe(GIVEN);
  expect(choose({ ...BOARD, ...IDS }, { machineId: MACHINE_ID }).uuid).toBe(PRODUCT);
  expect(choose(IDS).uuid).toBe(choose({}, { machineId: MACHINE_ID }).uuid);
  expect(choose({ "/var/lib/dbus/machine-id": MACHINE_ID }).uuid).toBe(choose(IDS).uuid);
});

test("logs the source", () => {
  expect(choose(BOARD).said).toEqual([`host uuid ${PRODUCT}, from /sys/class/dmi/id/product_uuid`]);
});

test.each(["00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "Not Settable"])(
  "rejects %s of a board",
  (text) => {
    expect(choose({ ...IDS, "/sys/class/dmi/id/product_uuid": text }).uuid).toBe(choose(IDS).uuid);
  },
);

test("rejects the UUID that many boards share", () => {
  const text = "03000200-0400-0500-0006-000700080009";
  expect(choose({ ...IDS, "/sys/class/dmi/id/product_uuid": text }).uuid).toBe(choose(IDS).uuid);
});

test("hosts without any source get different UUIDs, and a warning", () => {
  const [one, two] = [choose({ "/etc/machine-id": "uninitialized\n" }), choose({})];
  expect(one.uuid).not.toBe(two.uuid);
  expect(one.uuid).toMatch(/^.{14}4.{4}[89ab]/);
  expect(one.said[0]).toMatch(/is random.*uuid=/);
});

test("derives the same UUID from a machine id as hsflowd", () => {
  expect(showUuid(derivedUuid(new Uint8Array(16), "x86_64"))).toBe("6571e19b-6571-519b-a571-e19b6571e19b");
});

test("hashes bytes above 0x7f as signed on machines where char is signed for hsflowd", () => {
  const id = bytes(MACHINE_ID);
  expect(showUuid(derivedUuid(id, "x86_64"))).not.toBe(showUuid(derivedUuid(id, "aarch64")));
  const plain = bytes("00112233445566770011223344556677");
  expect(showUuid(derivedUuid(plain, "x86_64"))).toBe(showUuid(derivedUuid(plain, "aarch64")));
});
