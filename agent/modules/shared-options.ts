// Options that several blocks have in common: each is declared once, and a block names what it is about.

import { integer } from "../config/number.ts";
import { onoff } from "../config/word.ts";

/** `things`: what the block reports, in the plural. */
export const markTraffic = (things: string) =>
  onoff({ help: `add the names of ${things} to their sampled packets`, default: false });

const MOST_SECONDS = 4_294_967_295;

/** `thing`: what the block reports, in the singular with its article. `ignored`: why the option has no effect. */
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

/** Seconds. Without `ignored` the option counts, and not given is as in sflow { }. */
export const refreshVMs = (things: string, { min, ignored }: Refresh = { min: 60 }) =>
  integer({
    help: `seconds between readings of the list of ${things}`,
    default: undefined,
    ...(ignored === undefined ? { example: "60" } : { ignored }),
    min,
    max: 3600,
  });

export const SWITCHPORT = "names of the interfaces that are switch ports";
