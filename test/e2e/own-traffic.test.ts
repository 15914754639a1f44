// The agent's own datagrams on every interface of their way, whole and in fragments, beside packets that others have
// marked like them. socket(7), SO_MARK.

import { expect } from "vitest";
import { OWN_TRAFFIC_MARK } from "../../agent/capture/own-traffic.ts";
import { makeLinuxHost } from "../../agent/host/linux.ts";
import { inetAddress, intOption } from "../../agent/sockets/socket-address.ts";
import { AF_INET, SO_MARK, SOCK_DGRAM, SOL_SOCKET } from "../../agent/sockets/socket-constants.ts";
import { sleep } from "./command.ts";
import { test } from "./fixture.ts";
import { flood } from "./flood.ts";
import { connect, type Namespace, speakIpv6 } from "./namespaces.ts";
import { type Flow, sampledHeader } from "./walk.ts";

const { sockets } = makeLinuxHost();
const [PORT, SINK] = [7003, 7004];
const MARKED = 20;

/** A datagram of version 5 without samples: agent 10.94.1.9. */
const EMPTY = new Uint8Array(Buffer.from("00000005000000010a5e010900000000000000010000000000000000", "hex"));

/** Sends marked datagrams of another program from an ordinary socket. */
function sendMarked(from: Namespace, to: readonly number[], port: number): void {
  const fd = sockets.socket(AF_INET, SOCK_DGRAM, 0, from.path);
  sockets.setOption(fd, SOL_SOCKET, SO_MARK, intOption(OWN_TRAFFIC_MARK));
  const address = inetAddress(Uint8Array.from(to), port);
  for (let i = 0; i < MARKED; i++)
    expect(sockets.send(fd, EMPTY, Uint32Array.of(0), Uint32Array.of(EMPTY.length), 0, 1, address)).toBe(1);
  sockets.close(fd);
}

/** Returns the protocol, the port to which UDP over IPv4 goes unless this is a later fragment, and echo requests. */
function describeFlow(flow: Flow) {
  const { header } = sampledHeader(flow);
  if (header.readUInt16BE(12) === 0x86dd) return { six: true, next: header[20], to: undefined, echo: false };
  const isFirst = (header.readUInt16BE(20) & 0x1fff) === 0;
  const to = header[23] === 17 && isFirst ? header.readUInt16BE(36) : undefined;
  return { six: false, next: header[23], to, echo: header[23] === 1 && header[34] === 8 };
}

test("own datagrams are sampled on no interface of their way, and packets that others have marked on each", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  const [cable] = connect("eth0", [host, "10.94.9.1"], [far, "10.94.9.2"]);
  const { ip } = host;
  // The path of each datagram: bridge, then its port. Long datagrams leave in fragments.
  ip("link", "add", "br0", "type", "bridge");
  ip("link", "set", "eth0", "master", "br0");
  ip("link", "set", "br0", "address", cable.mac, "up");
  ip("address", "add", "10.94.1.1/24", "dev", "br0");
  speakIpv6(host, "br0", "fd00:94::1");
  far.ip("address", "add", "10.94.1.2/24", "dev", "eth0");
  speakIpv6(far, "eth0", "fd00:94::2");
  for (const device of ["eth0", "br0"]) ip("link", "set", device, "mtu", "1280");
  const four = await startReceiver(far, { address: "10.94.1.2", port: PORT });
  const six = await startReceiver(far, { address: "fd00:94::2", port: PORT });
  // A socket that nobody listens to would refuse the flood's next packet.
  await startReceiver(far, { address: "10.94.1.2", port: SINK });
  const index = (name: string) => Number(host.run("cat", `/sys/class/net/${name}/ifindex`));
  const agent = startAgent(
    host,
    `sflow {
      agentIP = 10.94.1.1
      polling = 1
      collector { ip = 10.94.1.2 udpport = ${PORT} }
      collector { ip = fd00:94::2 udpport = ${PORT} }
      pcap { dev = br0 sampling = 1 }
      pcap { dev = eth0 sampling = 1 }
    }`,
  );
  for (const name of ["br0", "eth0"]) await agent.taps(index(name));
  await flood(host, { to: "10.94.1.2", port: SINK, packets: 200 });
  sendMarked(host, [10, 94, 1, 2], SINK + 1);
  sendMarked(host, [10, 94, 1, 2], PORT);
  host.run("ping", "-q", "-c", `${MARKED}`, "-i", "0.01", "-m", `${OWN_TRAFFIC_MARK}`, "10.94.1.2");
  await six.until("samples of both collectors' traffic", (all) => all.length > 5);
  await sleep(1500);
  await agent.stop();
  for (const receiver of [four, six]) expect(receiver.datagrams().length).toBeGreaterThan(5);
  for (const name of ["br0", "eth0"]) {
    const source = `0:${index(name)}`;
    const flows = four
      .datagrams()
      .flatMap((datagram) => datagram.flows)
      .filter((flow) => flow.source === source)
      .map(describeFlow);
    const count = (is: (flow: (typeof flows)[number]) => boolean) => flows.filter(is).length;
    expect(
      {
        flood: count(({ to }) => to === SINK),
        marked: count(({ to }) => to === SINK + 1),
        markedToCollector: count(({ to }) => to === PORT),
        markedEchoes: count(({ echo }) => echo),
        fragments: count(({ next, six, to }) => (six ? next === 44 : next === 17 && to === undefined)),
        udpOfIpv6: count(({ next, six }) => six && next === 17),
      },
      name,
    ).toEqual({
      flood: 200,
      marked: MARKED,
      markedToCollector: MARKED,
      markedEchoes: MARKED,
      fragments: 0,
      udpOfIpv6: 0,
    });
  }
});
