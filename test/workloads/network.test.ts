// Traffic and interfaces of a container whose interfaces are added and removed.

import { describe, expect, it } from "vitest";
import { intOption } from "../../agent/sockets/socket-address.ts";
import { openNetwork } from "../../agent/workloads/network.ts";
import { makeFakeHost } from "../fakes/host.ts";

const device = (name: string, rx: number, tx: number) =>
  `${name}: ${rx * 100} ${rx} 1 2 0 0 0 0 ${tx * 100} ${tx} 3 4 0 0 0 0`;

const devices = (...lines: string[]) => `Inter-|\n face |\n${[device("lo", 9, 9), ...lines].join("\n")}\n`;

function world(text: string) {
  const host = makeFakeHost({ texts: { "/proc/7/net/dev": text } });
  host.files.links["/proc/self/ns/net"] = "net:[1]";
  host.files.links["/proc/7/ns/net"] = "net:[2]";
  const asked: number[] = [];
  const network = {
    host,
    namespaceId: () => 5 as number | undefined,
    changed: () => undefined,
    portOf(id: number, index: number) {
      asked.push(id, index);
      return 40 + index;
    },
  };
  return { host, network, asked };
}

describe("traffic", () => {
  it("is the sum of all interfaces but the loopback, and never decreases", () => {
    const { host, network } = world(devices(device("eth0", 10, 20)));
    const open = openNetwork(network, 7);
    const total = (...lines: string[]) => {
      host.files.over["/proc/7/net/dev"] = devices(...lines);
      const { rx_packets = -1, tx_packets = -1 } = open?.read()?.total ?? {};
      return [rx_packets, tx_packets];
    };
    expect(total(device("eth0", 10, 20))).toEqual([10, 20]);
    expect(total(device("eth0", 11, 20), device("eth1", 5, 5))).toEqual([16, 25]);
    expect(total(device("eth0", 12, 21))).toEqual([17, 26]);
    expect(total(device("eth0", 12, 21), device("eth1", 1, 1))).toEqual([18, 27]);
    expect(total(device("eth0", 2, 1), device("eth1", 1, 1))).toEqual([20, 28]);
    expect(open?.read()?.total).toMatchObject({ rx_bytes: 2000, tx_bytes: 2800, rx_errs: 4, rx_drop: 8, tx_drop: 16 });
  });

  it("is undefined after the namespace was removed", () => {
    const { host, network } = world(devices());
    const open = openNetwork(network, 7);
    host.files.over["/proc/7/net/dev"] = undefined;
    expect(open?.read()).toBeUndefined();
    open?.close();
    expect(host.sockets.open).toEqual([]);
  });

  it("is undefined for a container in the host's network namespace", () => {
    const { host, network } = world(devices());
    host.files.links["/proc/7/ns/net"] = "net:[1]";
    expect(openNetwork(network, 7)).toBeUndefined();
    expect(openNetwork(network, 8)).toBeUndefined();
  });

  it("is undefined if the namespace cannot be entered", () => {
    const { host, network } = world(devices());
    host.sockets.fail("socket", "EPERM");
    expect(openNetwork(network, 7)).toBeUndefined();
  });
});

describe("adapters", () => {
  it("have the interface's MAC and the port of its peer", () => {
    const { host, network, asked } = world(devices(device("eth0", 0, 0), device("tun0", 0, 0)));
    host.sockets.onOpen = (socket) => {
      socket.options.set("1/62", intOption(3));
      socket.hardware.set("eth0", Uint8Array.of(1, 0, 2, 66, 172, 17, 0, 2, ...new Array<number>(8).fill(0)));
      socket.hardware.set("tun0", Uint8Array.of(0xfe, 0xff, ...new Array<number>(14).fill(9)));
    };
    expect(openNetwork(network, 7)?.read()?.adapters()).toEqual([
      { ifIndex: 43, mac_address: [Uint8Array.of(2, 66, 172, 17, 0, 2)] },
    ]);
    expect(asked).toEqual([5, 3]);
    expect(host.sockets.opened.map(({ namespace }) => namespace)).toEqual(["/proc/7/ns/net"]);
  });

  it("are looked up again after a change, and at every eighth reading", () => {
    const { host, network } = world(devices(device("eth0", 0, 0)));
    let setMac = (_: number): void => undefined;
    host.sockets.onOpen = (socket) => {
      socket.options.set("1/62", intOption(3));
      setMac = (byte) => {
        socket.hardware.set("eth0", Uint8Array.of(1, 0, 2, 0, 0, 0, 0, byte, ...new Array<number>(8).fill(0)));
      };
      setMac(1);
    };
    const open = openNetwork(network, 7);
    const last = () => open?.read()?.adapters()[0]?.mac_address[0]?.[5];
    expect(last()).toBe(1);
    setMac(2);
    expect(last()).toBe(1);
    open?.outdated();
    expect(last()).toBe(2);
    setMac(3);
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(last)).toEqual([2, 2, 2, 2, 2, 2, 2, 3]);
  });
});
