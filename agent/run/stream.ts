// The stream of datagrams that the settings and the agent address describe.

import type { Settings } from "../settings/settings.ts";
import type { AgentAddress } from "./election.ts";

export const streamOf = (settings: Settings, address: AgentAddress | undefined) => ({
  address: address?.bytes,
  subAgentId: settings.subAgentId,
  datagramBytes: settings.datagramBytes,
});

export const sameStream = (a: Settings, b: Settings): boolean =>
  a.subAgentId === b.subAgentId && a.datagramBytes === b.datagramBytes;
