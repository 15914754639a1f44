// What the doctor says of one link of the chain from the kernel to the collector.

export type Link = "configuration" | "agent address" | "agent" | "interfaces" | "blocks" | "collectors";

/** `broken`: samples do not arrive that should. `note`: worth knowing, and as it was asked for. */
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
