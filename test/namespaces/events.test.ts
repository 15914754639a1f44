// Events of the table of namespaces: what it reports, of which namespaces, and in which order.

import { expect, it } from "vitest";
import { NamespaceTable } from "../../agent/namespaces/table.ts";
import { makeFakeHost } from "../fakes/host.ts";
import { FakeInterfaces } from "../fakes/interfaces.ts";
import { plugged } from "../modules/tcp/bed.ts";
import { makeFakeKernel } from "../modules/tcp/kernel.ts";

const VETH = 4;
const [FIRST, SECOND] = ["/proc/77/ns/net", "/proc/78/ns/net"] as const;

function start(links: Readonly<Record<string, string>>) {
  const host = makeFakeHost();
  const kernel = makeFakeKernel(host.sockets);
  const events: string[] = [];
  const setLinks = (now: Readonly<Record<string, string>>) => {
    for (const path of Object.keys(host.files.links)) delete host.files.links[path];
    Object.assign(host.files.links, { "/proc/self/ns/net": "net:[1]" }, now);
  };
  setLinks(links);
  const table = new NamespaceTable(host, new FakeInterfaces(plugged(VETH, "veth1", [], { linkNamespace: 0 })), {
    onFound: ({ identity, path }) => events.push(`found ${identity} ${path}`),
    onMoved: ({ identity, path }) => events.push(`moved ${identity} ${path}`),
    onGone: ({ identity }) => events.push(`gone ${identity}`),
    onChange: () => events.push("change"),
    onPartial: (path) => events.push(`partial ${path}`),
    onRefused: (path, error) => events.push(`refused ${path} ${error.code}`),
  });
  const search = () => {
    table.changed(VETH);
    host.clock.advance(0.1);
    return events.splice(0);
  };
  return { host, kernel, table, setLinks, search };
}

const attached = { addresses: [{ index: 2, bytes: "ac110002" }], peers: [VETH] };

it("reports a namespace once it is attached, then its paths, changes and end", () => {
  const { kernel, table, setLinks, search } = start({ [FIRST]: "net:[7]", [SECOND]: "net:[7]" });
  kernel.namespaces[FIRST] = { addresses: [], peers: [] };
  expect(search()).toEqual(["change"]);
  expect(table.attached()).toEqual([]);
  kernel.namespaces[FIRST] = attached;
  expect(search()).toEqual([`found net:[7] ${FIRST}`, "change"]);
  expect(search()).toEqual([]);
  expect(table.attached()).toMatchObject([{ identity: "net:[7]", view: { attachments: [VETH] } }]);
  kernel.namespaces[SECOND] = attached;
  setLinks({ [SECOND]: "net:[7]" });
  expect(search()).toEqual([`moved net:[7] ${SECOND}`]);
  setLinks({});
  expect(search()).toEqual(["gone net:[7]", "change"]);
  table.stop();
});

it("reports nothing of a namespace that was never attached", () => {
  const { kernel, table, setLinks, search } = start({ [FIRST]: "net:[7]" });
  kernel.namespaces[FIRST] = { addresses: [], peers: [] };
  search();
  setLinks({});
  expect(search()).toEqual([]);
  table.stop();
});

it("reports a namespace that cannot be entered, and keeps what it knew of it", () => {
  const { host, kernel, table, search } = start({ [FIRST]: "net:[7]" });
  kernel.namespaces[FIRST] = attached;
  search();
  host.sockets.fail("socket", "EPERM");
  expect(search()).toEqual([`refused ${FIRST} EPERM`]);
  expect(table.attached()).toMatchObject([{ view: { attachments: [VETH] } }]);
  table.stop();
});

it("searches at once only if a path no longer leads into its namespace", () => {
  const { host, kernel, table, setLinks, search } = start({ [FIRST]: "net:[7]" });
  kernel.namespaces[FIRST] = attached;
  search();
  const reads = host.files.reads.length;
  table.check([]);
  expect(host.files.reads.length).toBe(reads);
  setLinks({});
  table.check(["net:[7]"]);
  expect(table.attached()).toEqual([]);
  table.stop();
  expect(host.clock.timers).toBe(0);
});
