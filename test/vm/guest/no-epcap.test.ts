// A kernel without tcx: what epcap { } says there, and what samples instead.

import { expect } from "vitest";
import { test } from "../../e2e/fixture.ts";
import { connect } from "../../e2e/namespaces.ts";

const configuration = (engine: string): string => `sflow {
  agentIP = 10.9.29.1
  collector { ip = 127.0.0.1 }
  pcap { dev = eth0 sampling = 10 engine = ${engine} }
}`;

test("epcap names tcx, which this kernel lacks, and auto takes a packet socket", async ({ lab, startAgent }) => {
  const [host, far] = [lab.namespace(), lab.namespace()];
  connect("eth0", [host, "10.9.29.1"], [far, "10.9.29.2"]);
  const epcap = startAgent(host, configuration("epcap"));
  const [said] = await epcap.says(/eth0 cannot be sampled: .*/);
  expect(said).toContain("epcap needs tcx, which Linux has since 6.6 (CONFIG_NET_XGRESS)");
  await epcap.stop();
  const auto = startAgent(host, configuration("auto"));
  await auto.says(/eth0: sampled 1-in-10/);
  expect(host.run("cat", "/proc/net/packet").trim().split("\n")).toHaveLength(2);
  await auto.stop();
});
