// A fault of a message: its kind, which status counts, and its place in the message.

/** The kinds of faults. `status` counts each as `refused` and the kind. */
export const FAULT_KINDS = [
  "TooLong",
  "Cut",
  "NotJson",
  "Empty",
  "Missing",
  "WrongType",
  "BadValue",
  "BadName",
  "UnknownType",
  "PortTaken",
  "TooManyApplications",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Thrown for a message that is refused. Nothing of the message is sent. */
export class Fault extends Error {
  override name = "Fault";
  readonly kind: FaultKind;
  /** Keys from the outermost object on. */
  readonly #path: string[] = [];

  constructor(kind: FaultKind, message: string) {
    super(message);
    this.kind = kind;
  }

  get place(): string {
    return this.#path.join(".");
  }

  /** Adds the key of the object in which the fault was found. */
  inside(key: string): this {
    this.#path.unshift(clip(key));
    return this;
  }
}

const MOST_SHOWN = 64;

const clip = (text: string): string => (text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}...`);

/** A long number, as document.ts keeps it. */
const LONG = /^"\\u0000(-?\d+)"$/;

/** Formats a value of a message for the log. Does not format what is inside an object, which may be large. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return clip(String(JSON.stringify(value)).replace(LONG, "$1"));
}
