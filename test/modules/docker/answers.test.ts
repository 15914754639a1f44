// Reading answers of the engine that are complete, incomplete or wrong.

import { describe, expect, it } from "vitest";
import * as answers from "../../../agent/modules/docker/answers.ts";
import { parseEngineSocket } from "../../../agent/modules/docker/socket.ts";

const text = (json: unknown): string => JSON.stringify(json) ?? "";
const readEvent = (json: unknown) => answers.readEvent(text(json));
const readFacts = (json: unknown) => answers.readFacts(text(json));
const readListed = (json: unknown) => answers.readListed(text(json));

const ID = "0123456789abcdef".repeat(4);

describe("events", () => {
  const start = {
    Type: "container",
    Action: "start",
    Actor: { ID, Attributes: { name: "web", image: "nginx" } },
    time: 1_795_223_623,
    timeNano: 1_795_223_623.497 * 1e9,
  };

  it("reads action, container, name and time", () => {
    const time = 1_795_223_623.497;
    expect(readEvent(start)).toEqual({ action: "start", id: ID, name: "web", time, exitCode: undefined });
  });

  it("reads the time in seconds if there are no nanoseconds", () => {
    expect(readEvent({ ...start, timeNano: undefined })?.time).toBe(1_795_223_623);
    expect(readEvent({ ...start, timeNano: "soon", time: null })?.time).toBeUndefined();
  });

  it("reads an exit code, and the first word of an action", () => {
    const attributes = { Actor: { ID, Attributes: { exitCode: "137" } } };
    expect(readEvent({ ...start, ...attributes, Action: "die" })).toMatchObject({ action: "die", exitCode: 137 });
    expect(readEvent({ ...start, Action: "exec_create: sh -c true" })?.action).toBe("exec_create");
  });

  it("reads the field names of older engines", () => {
    expect(readEvent({ status: "die", id: ID, Type: "container" })).toMatchObject({ action: "die", id: ID });
  });

  it("assigns a network event to its container, also in Podman's form", () => {
    const network = { Type: "network", Action: "connect", Actor: { ID: "n", Attributes: { container: ID } } };
    expect(readEvent(network)).toMatchObject({ action: "network connect", id: ID, name: undefined });
    const ofPodman = { ...network, Actor: { ID, Attributes: { name: "web" } } };
    expect(readEvent(ofPodman)).toMatchObject({ action: "network connect", id: ID, name: undefined });
  });

  it("ignores events without a valid container id or action", () => {
    for (const json of [
      undefined,
      null,
      [],
      "start",
      {},
      { ...start, Actor: null },
      { ...start, Actor: { ID: "../../etc" } },
      { ...start, Actor: { ID: ID.slice(1) } },
      { ...start, Actor: { ID: ID.toUpperCase() } },
      { ...start, Action: 7 },
      { Type: "network", Action: "create", Actor: { ID: "n", Attributes: {} } },
    ]) {
      expect(readEvent(json), JSON.stringify(json)).toBeUndefined();
    }
  });
});

describe("inspect and list", () => {
  it("reads an inspect answer", () => {
    const json = {
      Id: ID,
      Name: "/web",
      State: { Pid: 42, Status: "paused", Running: true, StartedAt: "2026-01-01T00:00:00.5Z" },
      Config: { Hostname: "web-1" },
      HostConfig: { NanoCpus: 1_500_000_000 },
    };
    expect(readFacts(json)).toEqual({
      id: ID,
      name: "web",
      hostname: "web-1",
      pid: 42,
      state: "paused",
      cpus: 2,
      startedAt: 1_767_225_600.5,
    });
  });

  it("fills in missing fields of an inspect answer, and rejects one without id or name", () => {
    expect(readFacts({ Id: ID, Name: "/web" })).toEqual({
      id: ID,
      name: "web",
      hostname: "web",
      pid: 0,
      state: "unknown",
      cpus: undefined,
      startedAt: undefined,
    });
    expect(readFacts({ Id: ID })).toBeUndefined();
    expect(readFacts("<html>")).toBeUndefined();
  });

  it("reads an entry of a list, and rejects one without a valid container id", () => {
    expect(readListed({ Id: ID, Names: ["/web"], State: "paused" })).toEqual({ id: ID, name: "web", state: "paused" });
    expect(readListed({ Id: ID, Names: null })).toEqual({ id: ID, name: undefined, state: "running" });
    for (const entry of [{ Id: "x" }, 7, null, [], undefined]) expect(readListed(entry)).toBeUndefined();
  });
});

describe("the address of the engine's socket", () => {
  it.each([
    ["unix:///run/docker.sock", "unix:///run/docker.sock"],
    ["/run/podman/podman.sock", "unix:///run/podman/podman.sock"],
    ["tcp://127.0.0.1", "tcp://127.0.0.1:2375"],
    ["tcp://[::1]:4000", "tcp://[::1]:4000"],
    ["http://engine.example:80/", "tcp://engine.example:80"],
  ])("%s is shown as %s", (text, shown) => {
    expect(parseEngineSocket(text)?.shown).toBe(shown);
  });

  it.each(["", "unix://", "docker.sock", "ssh://host", "tcp://", "tcp://host:0", "tcp://host:70000", "tcp://a/b"])(
    "cannot be %j",
    (text) => {
      expect(parseEngineSocket(text)).toBeUndefined();
    },
  );
});
