// Asks the name servers of this host, one after the other until one answers. See resolv.conf(5) and resolver(3).

import type { Host, NameServer } from "../host/host.ts";
import { limitConcurrency } from "../host/limit-concurrency.ts";
import { type Answered, askServer, type DnsCounters, makeDnsCounters } from "./exchange.ts";
import type { Question, RecordType } from "./message.ts";
import { parseResolvConf, type ResolvConf } from "./resolv-conf.ts";

/** The result of a query. For a failure, `why` has the reason for each server that was asked. */
export type Outcome<T extends RecordType> =
  | (Answered<T> & { readonly server: string })
  | { readonly kind: "failure"; readonly why: string };

export interface Resolver {
  /** Returns the configuration, which is read for each query, because a DHCP lease may change the file. */
  configuration(): ResolvConf;
  /** Resolves with the answer or a failure. Never rejects. */
  ask<T extends RecordType>(question: Question<T>): Promise<Outcome<T>>;
  /** Sends nothing more. Queries that have no answer yet end with a failure. */
  stop(): void;
  readonly counters: Readonly<DnsCounters>;
}

export type ResolverHost = Pick<Host, "askNameServer" | "clock" | "random" | "files">;

const STOPPED = { kind: "failure", why: "stopped" } as const;
const FILE = "/etc/resolv.conf";
/** Largest number of queries at a time, so that hundreds of collectors do not overload a name server. */
const AT_ONCE = 8;

/** Makes a resolver. Only tests change the port of the name servers. */
export function makeResolver(host: ResolverHost, port = 53): Resolver {
  const counters = makeDnsCounters();
  const limited = limitConcurrency(AT_ONCE);
  const stopping = new AbortController();
  const { signal } = stopping;
  const configuration = (): ResolvConf => parseResolvConf(host.files.read(FILE) ?? "");

  async function ask<T extends RecordType>(question: Question<T>): Promise<Outcome<T>> {
    const { servers, attempts, timeout, onlyTcp } = configuration();
    const reasons = new Map<string, string>();
    for (let attempt = 0; attempt < attempts; attempt++) {
      for (const address of servers) {
        if (signal.aborted) return STOPPED;
        const server: NameServer = { address, port };
        const answer = await askServer({ host, server, timeout, onlyTcp, counters, signal }, question);
        if (answer.kind !== "failure") return { ...answer, server: address };
        reasons.set(address, answer.why);
      }
    }
    return { kind: "failure", why: [...reasons].map(([server, why]) => `${server}: ${why}`).join(", ") };
  }

  return { configuration, ask: (question) => limited(() => ask(question)), stop: () => stopping.abort(), counters };
}
