// The header of a sampled packet on each kind of link, compared with the bytes that were sent.

import { expect } from "vitest";
import { makeLinuxHost } from "../../agent/host/linux.ts";
import { numbered } from "../contract/capture.ts";
import { hex, ipv4, tcp } from "../packet/frames.ts";
import { test } from "./fixture.ts";
import { connect } from "./namespaces.ts";
import { openSender } from "./traffic.ts";
import { openTun } from "./tun.ts";
import { type Datagram, INTERNAL, sampledHeader } from "./walk.ts";

const headersOf = (datagrams: readonly Datagram[], index: number) =>
  datagrams
    .flatMap(({ flows }) => flows)
    .filter(({ source }) => source === `0:${index}`)
    .map((flow) => ({ ...sampledHeader(flow), input: flow.input, output: flow.output }));

test("headers have VLAN tags, and are right for bare IP packets and the loopback", async ({
  lab,
  startAgent,
  startReceiver,
}) => {
  const { sockets } = makeLinuxHost();
  const [host, far] = [lab.namespace(), lab.namespace()];
  const [cable, peer] = connect("eth0", [host, "10.9.11.1"], [far, "10.9.11.2"]);
  const arriving = hex(ipv4("06"), tcp(1, 2));
  const tun = await openTun(host, "tun0", [arriving]);
  const receiver = await startReceiver(host);
  const agent = startAgent(
    host,
    `sflow {
      agentIP = ${cable.address}
      headerBytes = 64
      collector { ip = 127.0.0.1 udpport = ${receiver.port} }
      pcap { sampling = 1 }
      pcap { dev = eth0 sampling = 1 }
    }`,
  );
  for (const index of [cable.index, tun.index, 1]) await agent.taps(index);

  const mac = cable.mac.replaceAll(":", "");
  const plain = numbered(1, 200, mac);
  const tag = hex("81006005");
  const tagged = new Uint8Array([...plain.subarray(0, 12), ...tag, ...plain.subarray(12)]);
  openSender(sockets, far.path, peer.index).send([tagged, plain]);
  openSender(sockets, host.path, 1).send([numbered(2, 100)]);
  tun.play();

  const all = await receiver.until("four samples", (datagrams) =>
    [cable.index, cable.index, tun.index, 1].every(
      (index, i) => headersOf(datagrams, index).length > (i === 1 ? 1 : 0),
    ),
  );
  const ethernet = { protocol: 1, stripped: 4 };
  const received = { input: cable.index, output: INTERNAL };
  expect(headersOf(all, cable.index)).toMatchObject([
    { ...ethernet, ...received, frameLength: 204 + 4, header: Buffer.from(tagged.subarray(0, 64)) },
    { ...ethernet, ...received, frameLength: 200 + 4, header: Buffer.from(plain.subarray(0, 64)) },
  ]);
  expect(headersOf(all, tun.index)[0]).toMatchObject({
    protocol: 11,
    stripped: 4,
    frameLength: arriving.length + 4,
    header: Buffer.from(arriving),
    input: tun.index,
    output: INTERNAL,
  });
  expect(headersOf(all, 1)).toMatchObject([
    { ...ethernet, frameLength: 100 + 4, header: Buffer.from(numbered(2, 100).subarray(0, 64)), input: 1 },
  ]);
  await agent.stop();
  await tun.close();
});
