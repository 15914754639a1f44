// The result of one check of `hsflowd doctor`.

/** The subject of a check. Checks run in this order, because a fault in one subject causes faults in later ones. */
export type Link = "configuration" | "agent address" | "agent" | "interfaces" | "blocks" | "collectors";

/**
 * The result of a check. State "broken": samples are lost or not sent. State "note": worth knowing, but no fault. State
 * "unknown": the user who asks may not know.
 */
export interface Finding {
  readonly link: Link;
  readonly state: "ok" | "note" | "broken" | "unknown";
  readonly message: string;
  readonly remedy?: string | undefined;
}

export const ok = (link: Link, message: string): Finding => ({ link, state: "ok", message });

export const note = (link: Link, message: string, remedy?: string): Finding => ({
  link,
  state: "note",
  message,
  remedy,
});

export const broken = (link: Link, message: string, remedy?: string): Finding => ({
  link,
  state: "broken",
  message,
  remedy,
});

export const unknown = (link: Link, message: string, remedy?: string): Finding => ({
  link,
  state: "unknown",
  message,
  remedy,
});

/** Returns the finding that the user should read first; undefined if nothing is wrong. */
export const firstOf = (findings: readonly Finding[]): Finding | undefined =>
  findings.find(({ state }) => state === "broken") ?? findings.find(({ state }) => state === "unknown");
