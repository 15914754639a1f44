// epcap { }: its own keyword in reasons and remedies, and its own engine.

import { expect, it } from "vitest";
import { create, taps } from "../../../agent/modules/pcap/as-epcap.ts";
import { makeShimError } from "../../../native-shim/errno.ts";
import { makeFakeContext } from "../../fakes/context.ts";
import { makeFakeHost } from "../../fakes/host.ts";
import { adaptor, FakeInterfaces } from "../../fakes/interfaces.ts";
import { block } from "./block.ts";

const interfaces = new FakeInterfaces(adaptor(1, "lo", { hardwareType: 772 }), adaptor(2, "eth0"));
const { engine: _, ...eth0 } = block({ dev: "eth0", sampling: 7 });

const around = (errno: number) => {
  const host = makeFakeHost();
  if (errno !== 0)
    host.sockets.bpf = () => {
      throw makeShimError(-errno, "bpf");
    };
  return makeFakeContext({ host, interfaces });
};

it("names its own keyword in every reason and remedy", () => {
  const context = around(0);
  const reports = taps([eth0, { ...eth0, dev: "eth9" }], context);
  expect(reports.map((tap) => [tap.interface, tap.why, tap.remedy])).toEqual([
    ["lo", "no epcap { } block matches", "add epcap { dev=lo } to sflow { }"],
    ["eth0", "epcap { sampling=7 }", undefined],
    [
      "eth9",
      "there is no such interface",
      "correct its name in epcap { }, or create it: it is sampled as soon as it appears",
    ],
  ]);
});

it("samples by BPF programs", async () => {
  const running = create([eth0], around(0));
  await running.start();
  expect(running.report?.().taps?.find((tap) => tap.interface === "eth0")).toMatchObject({
    ...{ state: "sampled", engine: "epcap", rateInForce: 7 },
  });
  await running.reconfigure?.([{ ...eth0, sampling: 8 }]);
  expect(running.report?.().taps?.[1]).toMatchObject({ state: "sampled", rateInForce: 8 });
  await running.stop();
});

it.each([
  [1, "epcap needs CAP_BPF and CAP_NET_ADMIN", "AmbientCapabilities=CAP_BPF CAP_NET_ADMIN"],
  [22, "epcap needs tcx, which Linux has since 6.6", ""],
])("says what is missing at errno %i", async (errno, obstacle, remedy) => {
  const running = create([eth0], around(errno));
  await running.start();
  const tap = running.report?.().taps?.[1];
  expect(tap?.state).toBe("failing");
  expect(tap?.obstacle).toContain(`epcap: eth0: ${obstacle}`);
  expect(tap?.remedy ?? "").toContain(remedy);
  await running.stop();
});
