// The page of metrics for Prometheus, judged by its own tool: promtool(1).

import { execFileSync } from "node:child_process";
import { expect } from "vitest";
import { tryRun } from "./command.ts";
import { test } from "./fixture.ts";

const TOKEN = "0123456789abcdef";
const PORT = 9536;

test("serves the page to who has the token, and promtool accepts it", async ({ lab, startAgent }) => {
  const host = lab.namespace();
  host.ip("link", "set", "lo", "up");
  host.ip("address", "add", "192.0.2.7/32", "dev", "lo");
  const agent = startAgent(
    host,
    `sflow { collector { ip = 127.0.0.1 } pcap { dev = lo } tcp { } metrics { bind = 192.0.2.7 port = ${PORT} token = ${TOKEN} } }`,
  );
  await agent.says(/sending to 127.0.0.1:6343/);
  await agent.says(/lo: sampled/);
  const fetching =
    "fetch(process.argv[1], { headers: JSON.parse(process.argv[2]) }).then(async (a) => console.log(a.status, await a.text()))";
  const get = (headers: object) => {
    const [command, ...words] = host.command(process.execPath, "-e", fetching, `http://192.0.2.7:${PORT}/metrics`);
    return tryRun(command, ...words, JSON.stringify(headers)).stdout;
  };
  expect(get({})).toBe("401 \n");
  const page = get({ authorization: `Bearer ${TOKEN}` });
  expect(page).toMatch(/^200 # HELP/);
  expect(execFileSync("promtool", ["check", "metrics"], { input: page.slice(4), encoding: "utf8" })).toBe("");
});

test("promtool accepts the alert rules", () => {
  const { stdout, status } = tryRun("promtool", "check", "rules", "packaging/fleet/prometheus-rules.yaml");
  expect({ stdout, status }).toMatchObject({ stdout: expect.stringContaining("SUCCESS"), status: 0 });
});
