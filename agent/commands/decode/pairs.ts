// Pairs of key and value, in which a datagram is printed: as lines of text, or as members of JSON objects.

import type { Problem } from "../../sflow/decode/values.ts";
import { nameOf } from "./names.ts";
import { withoutPadding } from "./padding.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Takes the pairs of a datagram in order. A value of undefined was not sent: it is not zero, so there is no pair. Keys
 * are those of sflowtool.
 */
export abstract class Pairs {
  /** True if a list is numbered pairs, as in text. Else it is one nested pair. */
  abstract readonly flat: boolean;
  /** Comes before each key, until it is changed. */
  prefix = "";
  readonly #withNames: boolean;

  /** `withNames` adds `machine_type_name x86_64` after `machine_type 3`. */
  constructor(withNames: boolean) {
    this.#withNames = withNames;
  }

  number(key: string, value: number | bigint | undefined): void {
    if (value === undefined) return;
    this.putNumber(key, value);
    const name = this.#withNames ? nameOf(key, value) : undefined;
    if (name !== undefined) this.word(`${key}_name`, name);
  }

  /** Takes a text of the sender, and leaves out an empty one. */
  text(key: string, value = ""): void {
    const text = withoutPadding(value);
    if (text !== "") this.word(key, text);
  }

  /** Shows a number with decimals. */
  float(key: string, value: number | undefined, decimals = 3): void {
    if (value !== undefined) this.putFloat(key, value, decimals);
  }

  /** Shows bytes from `at` on as `08004500`. */
  hex(key: string, bytes: Uint8Array | undefined, at = 0, length = bytes?.length ?? 0): void {
    if (bytes !== undefined) this.putHex(key, bytes, at, length);
  }

  /** Shows bytes as `08-00-45-00`. */
  dashed(key: string, bytes: Uint8Array | undefined, at = 0, length = bytes?.length ?? 0): void {
    if (bytes !== undefined) this.putDashed(key, bytes, at, length);
  }

  /** Shows an address of 4 or 16 bytes. One without bytes is unknown. */
  address(key: string, bytes: Uint8Array | undefined, at = 0, length = bytes?.length ?? 0): void {
    if (bytes === undefined) return;
    if (length === 0) this.unknown(key, "unknown");
    else this.putAddress(key, bytes, at, length);
  }

  /** Shows a text as it is. */
  abstract word(key: string, value: string): void;
  /** Shows a value that the sender does not know: `text` is the value on the wire. In JSON it is null. */
  abstract unknown(key: string, text: string): void;
  /** Nests a list in JSON. Text has no such pair. */
  abstract list<T>(key: string, items: readonly T[] | undefined, each: (item: T) => void): void;
  /** Takes a value for JSON only. */
  abstract json(key: string, value: Json): void;

  protected abstract putNumber(key: string, value: number | bigint): void;
  protected abstract putFloat(key: string, value: number, decimals: number): void;
  protected abstract putHex(key: string, bytes: Uint8Array, at: number, length: number): void;
  protected abstract putDashed(key: string, bytes: Uint8Array, at: number, length: number): void;
  protected abstract putAddress(key: string, bytes: Uint8Array, at: number, length: number): void;

  abstract startDatagram(): void;
  abstract startSample(): void;
  abstract startRecord(): void;
  abstract endRecord(): void;
  abstract endSample(): void;
  abstract endDatagram(isWhole: boolean, problems: readonly Problem[]): void;
}
