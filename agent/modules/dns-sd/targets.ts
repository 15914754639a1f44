// The names behind SRV records, each followed for as long as a record has it.

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

/** Of a collector that is named twice the lower number of priority counts. `.` names none. */
export function usableRecords(records: readonly Srv[]): Usable {
  const named = records.filter(({ target }) => target !== ".");
  const open = named.filter((record) => wrongWith(record) === undefined);
  const byPlace = new Map(
    open
      .toSorted((a, b) => b.priority - a.priority)
      .map((record): [string, Srv] => [`${record.target.toLowerCase()} ${record.port}`, record]),
  );
  const distinct = [...byPlace.values()].reverse();
  const wrong = named.map(wrongWith).filter((words) => words !== undefined);
  const many = distinct.length > MOST ? [`${distinct.length} collectors: only ${MOST} of them count`] : [];
  return { records: distinct.slice(0, MOST), problems: [...wrong, ...many] };
}

export interface Targets {
  readonly all: readonly Target[];
  /** Follows the names in these records, and no others. */
  set(records: readonly Srv[]): void;
  /** Undefined until every name has been asked for. */
  candidates(): readonly Candidate[] | undefined;
  stop(): void;
}

export function makeTargets(follow: (name: string) => Target): Targets {
  const followed = new Map<string, Target>();
  let records: readonly Srv[] = [];

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
    set(next) {
      records = next;
      const names = new Set(next.map(({ target }) => target.toLowerCase()));
      keepOnly(names);
      for (const name of names) if (!followed.has(name)) followed.set(name, follow(name));
    },
    candidates() {
      if (![...followed.values()].every(({ settled }) => settled)) return undefined;
      return records.map((srv) => ({ srv, addresses: followed.get(srv.target.toLowerCase())?.addresses ?? [] }));
    },
    stop: () => keepOnly(new Set()),
  };
}
