// Interfaces of a namespace with a bridge, veths, tunnels and a macvlan, compared with ip(8).

import { expect, it } from "vitest";
import { LinkFlag, OperState, readLink } from "../../agent/netlink/link.ts";
import { makeMessage, readMessages } from "../../agent/netlink/message.ts";
import { bytesOfCapture, type IpLink, wordsOfIp } from "./capture.ts";

const links = readMessages(bytesOfCapture("links")).flatMap((message) => readLink(message) ?? []);
const words = wordsOfIp("links");
const indexOf = (name: string | undefined) => words.find((link) => link.ifname === name)?.ifindex;

const OPERSTATES: Readonly<Record<string, number>> = {
  UNKNOWN: OperState.unknown,
  DOWN: OperState.down,
  UP: OperState.up,
};
const FLAGS = { UP: LinkFlag.up, LOOPBACK: LinkFlag.loopback, PROMISC: LinkFlag.promiscuous } as const;

it("reads every interface", () => {
  expect(links.map((link) => link.name)).toEqual(words.map((link) => link.ifname));
});

it.each(words.map((said) => [said.ifname, said] as const))("agrees with ip about %s", (name, said: IpLink) => {
  const link = links.find((link) => link.name === name);
  expect(link).toMatchObject({
    index: said.ifindex,
    alias: said.ifalias,
    operState: OPERSTATES[said.operstate],
    promiscuity: said.promiscuity,
    kind: said.linkinfo?.info_kind,
    master: indexOf(said.master) ?? 0,
    link: said.link_index ?? indexOf(said.link) ?? 0,
    linkNamespace: said.link_netnsid,
  });
  expect(Buffer.from(link?.mac ?? []).toString("hex")).toBe((said.address ?? "").replaceAll(":", ""));
  for (const [flag, bit] of Object.entries(FLAGS)) {
    expect([flag, ((link?.flags ?? 0) & bit) !== 0]).toEqual([flag, said.flags.includes(flag)]);
  }
});

it("keeps quotes, backslashes and non-ASCII letters of an alias", () => {
  expect(links.find((link) => link.name === "v0")?.alias).toBe('uplink "a\\b" é');
});

it("reads the alternative names", () => {
  const named = readMessages(bytesOfCapture("altnames")).flatMap((message) => readLink(message) ?? []);
  expect(named.map(({ name, alternativeNames }) => [name, alternativeNames])).toEqual([
    ["lo", []],
    ["eth1", []],
    ["eth0", ["enp3s0", "enx020000000001", "a-name-that-is-longer-than-the-name-of-an-interface-may-be", 'na"me']],
  ]);
});

it("ignores messages that do not describe an interface", () => {
  const [message] = readMessages(bytesOfCapture("links"));
  const bytes = new Uint8Array(message!.view.buffer.slice(message!.start, message!.end));
  const read = (body: Uint8Array) => readLink(readMessages(makeMessage(16, 0, 1, body))[0]!);
  expect(read(bytes)?.name).toBe("lo");
  expect(read(bytes.subarray(0, 16))).toBe(undefined);
  expect(read(bytes.subarray(0, 12))).toBe(undefined);
  // AF_BRIDGE: a message of a bridge about its port.
  bytes[0] = 7;
  expect(read(bytes)).toBe(undefined);
});
