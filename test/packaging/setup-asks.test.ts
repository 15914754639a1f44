// packaging/setup.sh asks before it changes a machine, leaves its services as they were, and ends with the reason.

import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Checkout, INSTALL } from "./checkout.ts";

let checkout: Checkout;

beforeEach(() => {
  checkout = new Checkout();
});

afterEach(() => checkout.remove());

test("SETUP=no installs nothing; SETUP=yes and CI do without a question; without a terminal it says what it does", () => {
  rmSync(checkout.tool("tshark"));
  const refused = checkout.setupWith({ SETUP: "no", CI: "true" }, "--test");
  expect(refused).toEqual({ status: 0, said: "setup: SETUP=no, so not installed: tshark\n", calls: "" });
  const plan = /^setup: the tests: apt is to install tshark, in all 12 package\(s\).*\n$/;
  expect(checkout.setupWith({ CI: "true" }, "--test").said).toMatch(plan);
  rmSync(checkout.tool("tshark"));
  const { said, calls } = checkout.setupWith({}, "--test");
  expect(said).toContain("nobody can be asked without a terminal, so this is done now; SETUP=no prevents it");
  expect(calls).toMatch(/install tshark\n.*install tshark\n$/);
});

test("on a terminal asks before it installs, and stops at any answer but yes", () => {
  rmSync(checkout.tool("tshark"));
  const said = checkout.onTerminal("\n");
  expect(said).toMatch(/in all 12 package\(s\), [\s\S]*go on\? \[y\/N\] /);
  expect(said).toMatch(/stopped, nothing was installed; SETUP=no goes on without\r?\nstatus 1/);
  expect(existsSync(checkout.at("calls"))).toBe(false);
  expect(checkout.onTerminal("y\n")).toContain("status 0");
  expect(readFileSync(checkout.at("calls"), "utf8")).toMatch(/install tshark\n$/);
});

test("a service that came with the packages is disabled, and one that was enabled before is not", () => {
  const wants = "etc/systemd/system/multi-user.target.wants";
  mkdirSync(checkout.at(wants), { recursive: true });
  symlinkSync("/usr/lib/systemd/system/nginx.service", checkout.at(`${wants}/nginx.service`));
  const links = [`${wants}/docker.service`, "etc/systemd/system/docker.service"];
  checkout.fakeApt(
    `${links.map((link) => `ln -s /usr/lib/systemd/system/docker.service ${link}`).join("; ")}${INSTALL}`,
  );
  checkout.fake("systemctl", 'echo "systemctl $*" >>calls');
  rmSync(checkout.tool("tshark"));
  const { said, calls } = checkout.setup("--test");
  expect(calls).toBe("systemctl disable docker.service\n");
  expect(said).toContain("setup: left disabled: docker.service\n");
});

test("services are left as they are where systemd itself came with the packages: nothing starts there", () => {
  mkdirSync(checkout.at("etc/systemd/system"), { recursive: true });
  checkout.fakeApt(
    `ln -s /usr/lib/systemd/system/getty@.service etc/systemd/system/getty.service; ln -s cc bin/systemctl${INSTALL}`,
  );
  rmSync(checkout.tool("tshark"));
  expect(checkout.setup("--test").said).not.toContain("disabled");
});

test.each(["v12.22.12", "v18.20.4", "v20.15.1", "v22.2.0"])("an old Node is named with the way out: %s", (version) => {
  checkout.fake("node", `echo ${version}`);
  const way = 'Type: npx -y -p node@24 -c "npm run start"';
  const said = `setup: Node.js 20.16, 22.3 or later is needed, found ${version}. ${way}\n`;
  expect(checkout.setup()).toMatchObject({ status: 1, said });
});

test("a missing compiler, and a failure of npm or of the build, end in one sentence with the cause before it", () => {
  rmSync(checkout.at("node_modules/.package-lock.json"));
  checkout.fake("npm", 'echo "npm error code EAI_AGAIN"; echo "npm error A complete log of this run: x"; exit 1');
  const npm = checkout.setup();
  expect(npm.status).toBe(1);
  expect(npm.said).toMatch(/^code EAI_AGAIN\nsetup: npm installed nothing: is there a network, .*\n$/m);
  checkout.write("node_modules/.package-lock.json", 10);
  rmSync(checkout.at("dist/.built"));
  checkout.fake("node", 'if [ "$1" = --version ]; then echo v20.16.0; else echo "main.ts: error"; exit 1; fi');
  expect(checkout.setup()).toMatchObject({ status: 1, said: "main.ts: error\nsetup: the agent was not built\n" });
  rmSync(checkout.tool("cc"));
  const { status, said } = checkout.setupWith({ SETUP: "no" });
  expect(status).toBe(1);
  expect(said).toMatch(/\nsetup: the agent needs a C compiler with its headers: please install .*: gcc\n$/);
});

test("a command that takes long says so, with what it printed last", () => {
  rmSync(checkout.tool("tshark"));
  rmSync(checkout.tool("sleep"));
  checkout.fake("sleep", "[ ! -e slept ] || exec /bin/sleep 20; : >slept; exec /bin/sleep 0.5");
  checkout.fakeApt(`echo Unpacking tshark; /bin/sleep 1${INSTALL}`);
  expect(checkout.setup("--test").said).toContain("setup: still at work ... Unpacking tshark\n");
});
