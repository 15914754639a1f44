// The sampling rate of an interface and its reason, settings of applications, names of speeds.

import { describe, expect, it } from "vitest";
import { modules } from "../../agent/modules/index.ts";
import { type Configuration, readConfiguration } from "../../agent/run/configuration.ts";
import { applications, findApplication, makeSettings } from "../../agent/settings/settings.ts";
import { speedName, speedSpelling } from "../../agent/settings/speed-name.ts";

const UUID = new Uint8Array(16);

function configure(settings: string): Configuration {
  const { configuration } = readConfiguration(`sflow { collector { ip=192.0.2.1 } ${settings} }`, modules);
  if (configuration === undefined) throw new Error(settings);
  return configuration;
}

const rate = (settings: string, speed: number, adminUp = true) =>
  makeSettings(configure(settings).sflow, UUID).samplingRate({ speed, adminUp });

const rates: [settings: string, speed: number, rate: number, why: string][] = [
  ["", 0, 400, "sampling = 400, because the speed is unknown"],
  ["", 10e6, 100, "speed 10M / 1000000, at least 100"],
  ["", 100e6, 100, "speed 100M / 1000000"],
  ["", 1e9, 1000, "speed 1G / 1000000"],
  ["", 2.5e9, 2500, "speed 2G / 1000000"],
  ["", 100e9, 100_000, "speed 100G / 1000000"],
  ["sampling=1", 1e9, 1000, "speed 1G / 1000000 (sampling = 1 applies to unknown speeds)"],
  ["sampling=1", 0, 1, "sampling = 1, because the speed is unknown"],
  ["sampling=0", 0, 0, "sampling = 0, because the speed is unknown"],
  ["sampling.bps_ratio=0 sampling=50", 1e9, 50, "sampling = 50, because sampling.bps_ratio is 0"],
  ["sampling.bps_ratio=10M", 1e9, 100, "speed 1G / sampling.bps_ratio = 10000000"],
  ["sampling.bps_ratio=10M", 1e6, 1, "speed 1M / sampling.bps_ratio = 10000000"],
  ["sampling.1G=7 sampling.bps_ratio=0", 1e9, 7, "sampling.1G = 7"],
  ["sampling.2G=7", 2.5e9, 7, "sampling.2G = 7"],
  ["sampling.1G=0", 1e9, 0, "sampling.1G = 0"],
  ["sampling.1g=7", 1e9, 1000, "speed 1G / 1000000"],
  ["polling.1G=7", 1e9, 400, "sampling = 400, because polling.1G has no rate"],
];

describe("the rate of an interface", () => {
  it.each(rates)("with %s at %d bit/s is %d", (settings, speed, expected, why) => {
    expect(rate(settings, speed)).toEqual({ rate: expected, why });
  });

  it("is 0 while the interface is down", () => {
    expect(rate("", 1e9, false)).toEqual({ rate: 0, why: "the interface is down" });
  });
});

describe("applications", () => {
  const { sflow } = configure("sampling.app=1 sampling.app.web=2 polling.app.web=3 polling.app.db=4 sampling.http=5");

  it("have their rate and polling interval merged by name, in file order of the rates", () => {
    expect(applications(sflow)).toEqual([
      { name: "app", sampling: 1, polling: undefined },
      { name: "app.web", sampling: 2, polling: 3 },
      { name: "http", sampling: 5, polling: undefined },
      { name: "app.db", sampling: undefined, polling: 4 },
    ]);
  });

  it.each([
    ["app.web", "app.web"],
    ["app.web.front", "app.web"],
    ["app.website", "app"],
    ["app.db", "app.db"],
    ["httpd", undefined],
    ["APP", undefined],
  ])("%s has the settings of %s", (name, expected) => {
    expect(findApplication(sflow, name)?.name).toBe(expected);
  });
});

describe("settings", () => {
  it("have the UUID of the machine unless the file sets another", () => {
    expect(makeSettings(configure("").sflow, UUID).uuid).toBe(UUID);
    const given = configure("uuid=00112233445566778899aabbccddeeff");
    expect(makeSettings(given.sflow, UUID).uuid[15]).toBe(0xff);
  });
});

describe("speeds", () => {
  it.each([
    [999, "999"],
    [64e3, "64K"],
    [10e6, "10M"],
    [2.5e9, "2G"],
    [999_999_999_999, "999G"],
    [1e12, "1T"],
  ])("%d bit/s is %s", (speed, name) => {
    expect(speedName(speed)).toBe(name);
  });

  it.each([
    ["10G", undefined],
    ["10g", "10G"],
    ["1000M", "1G"],
    ["2.5G", "2G"],
    ["10Gbps", "10G"],
    ["app.web", undefined],
    ["bps", undefined],
  ])("the correct name of %s is %s", (name, correct) => {
    expect(speedSpelling(name)).toBe(correct);
  });
});
