// The result of checking one link of the chain from the kernel to the collector.

export type Link = "configuration" | "agent address" | "agent" | "interfaces" | "blocks" | "collectors";

/** A finding. State "broken": samples are lost or not sent. State "note": worth knowing, but not a fault. */
export interface Finding {
  readonly link: Link;
  readonly state: "ok" | "note" | "broken";
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
