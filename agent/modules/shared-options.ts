// Options that several blocks have. Each is declared once here; a block passes the words for its help text.

import { integer } from "../config/number.ts";
import { onoff } from "../config/word.ts";

/** `things` is a plural noun for the workloads of the block, such as "containers". */
export const markTraffic = (things: string) =>
  onoff({ help: `add the names of ${things} to their sampled packets`, default: false });

const MOST_SECONDS = 4_294_967_295;

/** `thing` is a noun with its article, such as "a container". `ignored` says why the option has no effect. */
export const forgetVMs = (thing: string, ignored: string) =>
  integer({
    help: `seconds until ${thing} that is gone is forgotten`,
    default: undefined,
    ignored,
    min: 60,
    max: MOST_SECONDS,
  });

interface Refresh {
  readonly min: number;
  readonly ignored?: string;
}

/** The value is in seconds. Without `ignored`, the option has an effect, and its default is the value in sflow { }. */
export const refreshVMs = (things: string, { min, ignored }: Refresh = { min: 60 }) =>
  integer({
    help: `seconds between readings of the list of ${things}`,
    default: undefined,
    ...(ignored === undefined ? { example: "60" } : { ignored }),
    min,
    max: 3600,
  });

export const SWITCHPORT = "names of the interfaces that are switch ports";
