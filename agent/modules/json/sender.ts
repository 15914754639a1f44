// Reads which application a sample belongs to.

import { Fault } from "./fault.ts";
import { unlessEmpty } from "./record-reader.ts";
import { text, whole } from "./values.ts";

export interface Sender {
  readonly application: string;
  /** The port on which the application serves; undefined if it did not say one. */
  readonly port: number | undefined;
}

/** Names are keys of a table, so they must not be long. The wire has room for 32 bytes of them. */
const LONGEST_NAME = 255;

export const SENDER = { app_name: text, service_port: unlessEmpty(whole(0, 0xffff)) };

export function readSender(given: Partial<Record<keyof typeof SENDER, unknown>>): Sender {
  const { app_name: name, service_port: port } = given as { app_name?: string; service_port?: number };
  if (name === undefined || name === "") throw new Fault("Missing", "expected app_name, the name of the application");
  if (name.length > LONGEST_NAME)
    throw new Fault("BadValue", `expected at most ${LONGEST_NAME} characters in app_name, got ${name.length}`);
  return { application: name, port: port === 0 ? undefined : port };
}
