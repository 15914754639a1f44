// The names behind SRV records, followed for as long as they may be needed: those of the first priority, and of the
// next where none of the first has an address.

import { isName, parseAddress } from "../../config/address.ts";
import { quote } from "../../config/error.ts";
import type { Srv } from "../../dns/message.ts";
import type { Candidate } from "./choose.ts";
import type { Target } from "./target.ts";

/** More collectors than any site has, and fewer than would turn every host's datagrams into a flood. */
const MOST = 512;

export interface Usable {
  readonly records: readonly Srv[];
  /** What was left out, in words. */
  readonly problems: readonly string[];
}

function wrongWith({ target, port }: Srv): string | undefined {
  if (port === 0) return `${quote(target)} has port 0`;
  return isName(target) || parseAddress(target) !== undefined ? undefined : `${quote(target)} is no host name`;
}

function isNew(known: Set<string>, place: string): boolean {
  const before = known.size;
  return known.add(place).size > before;
}

/** By priority. Of a collector that is named twice the lower number of priority counts. `.` names none. */
export function usableRecords(records: readonly Srv[]): Usable {
  const named = records.filter(({ target }) => target !== ".");
  const open = named.filter((record) => wrongWith(record) === undefined);
  const places = new Set<string>();
  const distinct = open
    .toSorted((a, b) => a.priority - b.priority)
    .filter((record) => isNew(places, `${record.target.toLowerCase()} ${record.port}`));
  const wrong = named.map(wrongWith).filter((words) => words !== undefined);
  const many = distinct.length > MOST ? [`${distinct.length} collectors: only ${MOST} of them count`] : [];
  return { records: distinct.slice(0, MOST), problems: [...wrong, ...many] };
}

export interface Targets {
  readonly all: readonly Target[];
  /** Those of these records that may be needed, and no others; again after each outcome. Records by priority. */
  set(records: readonly Srv[]): void;
  /** Undefined until every name that may be needed has been asked for. */
  candidates(): readonly Candidate[] | undefined;
  stop(): void;
}

export function makeTargets(follow: (name: string) => Target): Targets {
  const followed = new Map<string, Target>();
  let needed: readonly Srv[] = [];

  function targetOf({ target }: Srv): Target {
    const name = target.toLowerCase();
    const found = followed.get(name) ?? follow(name);
    followed.set(name, found);
    return found;
  }

  function keepOnly(names: ReadonlySet<string>): void {
    for (const [name, target] of followed) {
      if (names.has(name)) continue;
      target.stop();
      followed.delete(name);
    }
  }

  return {
    get all() {
      return [...followed.values()];
    },
    set(records) {
      needed = [];
      for (const priority of new Set(records.map((record) => record.priority))) {
        const group = records.filter((record) => record.priority === priority);
        needed = [...needed, ...group];
        const targets = group.map(targetOf);
        if (targets.some(({ settled, addresses }) => !settled || addresses.length > 0)) break;
      }
      keepOnly(new Set(needed.map(({ target }) => target.toLowerCase())));
    },
    candidates() {
      if (![...followed.values()].every(({ settled }) => settled)) return undefined;
      return needed.map((srv) => ({ srv, addresses: targetOf(srv).addresses }));
    },
    stop: () => keepOnly(new Set()),
  };
}
