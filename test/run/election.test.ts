// The agent address set by agentIP, as a numeric address or as a host name.

import { describe, expect, it } from "vitest";
import { givenAddress } from "../../agent/run/election.ts";
import { makeFakeHost } from "../fakes/host.ts";

describe("agentIP", () => {
  it("is used as it is if numeric, and otherwise resolved as a host name", async () => {
    const host = makeFakeHost();
    host.names["agent.example.com"] = ["192.0.2.9", "192.0.2.10"];
    expect(await givenAddress(host, { agentIP: "192.0.2.1" })).toMatchObject({ bytes: Uint8Array.of(192, 0, 2, 1) });
    const named = await givenAddress(host, { agentIP: "agent.example.com" });
    expect(named).toEqual({ bytes: Uint8Array.of(192, 0, 2, 9), device: undefined });
    expect(await givenAddress(host, { agentIP: undefined })).toBeUndefined();
  });

  it("is rejected if the host name has no address or is not resolved within 5 s", async () => {
    const host = makeFakeHost();
    await expect(givenAddress(host, { agentIP: "nobody.invalid" })).rejects.toThrow(
      "agentIP: nobody.invalid has no address",
    );
    const silent = { ...host, resolve: () => new Promise<never>(() => undefined) };
    const asked = givenAddress(silent, { agentIP: "agent.example.com" });
    host.clock.advance(5000);
    await expect(asked).rejects.toThrow("agentIP: agent.example.com was not resolved within 5 s");
  });
});
