// Fixture for dns-sd { } without a network: a zone in memory behind one name server, a fake clock, and the results.

import { type Answer, decode, encode, type Question } from "dns-packet";
import { create } from "../../../agent/modules/dns-sd/index.ts";
import type { Running } from "../../../agent/modules/module.ts";
import type { Found } from "../../../agent/report/found.ts";
import { acceptSettings } from "../../../agent/run/overlay.ts";
import { makeFakeContext, makeFakeSettings } from "../../fakes/context.ts";
import { type FakeHost, makeFakeHost } from "../../fakes/host.ts";
import { type KeptLog, makeLog } from "../../fakes/log.ts";

/** The zone has lines as in a zone file, without the class: `NAME TTL TYPE DATA`. */
export interface Bed {
  readonly host: FakeHost;
  readonly log: KeptLog;
  readonly running: Running<{ domain: string | undefined }>;
  /** Questions so far: `SRV _sflow._udp.example.com`. */
  readonly asked: string[];
  /** Each result that was laid over the file. */
  readonly found: Found[];
  zone: readonly string[];
  /** Response code by type of question: 2 is SERVFAIL; undefined: no answer. */
  readonly failing: Map<string, number | undefined>;
  pass(seconds: number): Promise<void>;
}

function record(line: string): Answer {
  const [name = "", ttl = "", type = "", ...data] = line.match(/"[^"]*"|\S+/g) ?? [];
  const at = { name, ttl: Number(ttl) };
  if (type === "A" || type === "AAAA" || type === "CNAME") return { ...at, type, data: data[0] ?? "" };
  if (type === "TXT") return { ...at, type, data: data.map((text) => text.slice(1, -1)) };
  const [priority, weight, port] = data.map(Number);
  return { ...at, type: "SRV", data: { priority, weight, port: port ?? 0, target: data[3] ?? "" } };
}

function answerTo({ name, type }: Question, zone: readonly string[]) {
  const ours = zone.map(record).filter((answer) => answer.name === name);
  return { answers: ours.filter((answer) => answer.type === type), flags: ours.length === 0 ? 3 : 0 };
}

export interface BedOptions {
  readonly domain?: string | undefined;
  readonly zone?: readonly string[];
  readonly resolvConf?: string;
  readonly name?: string;
  readonly uuid?: number;
}

const CONF = "nameserver 192.0.2.53\noptions timeout:1 attempts:1";

export async function start(options: BedOptions = {}): Promise<Bed> {
  const { domain, zone = [], resolvConf = CONF, name = "web1", uuid = 1 } = options;
  const host = makeFakeHost({ texts: { "/etc/resolv.conf": resolvConf }, uname: { name } });
  const log = makeLog();
  const asked: string[] = [];
  const found: Found[] = [];
  const failing = new Map<string, number | undefined>();
  const bed = { zone };
  const serving: FakeHost = {
    ...host,
    askNameServer(_protocol, _server, bytes, heard) {
      const { id = 0, questions = [] } = decode(Buffer.from(bytes));
      const [question] = questions as [Question];
      asked.push(`${question.type} ${question.name}`);
      const { answers, flags } = answerTo(question, bed.zone);
      const code = failing.has(question.type) ? failing.get(question.type) : flags;
      const message = encode({ type: "response", id, questions, answers, flags: code ?? 0 });
      if (code !== undefined) queueMicrotask(() => heard.message(message));
      return { close: () => undefined };
    },
  };
  const layOver = (what: Found | undefined): readonly string[] => {
    const { accepted, problems } = acceptSettings(what?.settings ?? [], found.at(-1)?.settings ?? []);
    if (what !== undefined) found.push({ ...what, settings: accepted });
    return problems;
  };
  const settings = makeFakeSettings({ uuid: new Uint8Array(16).fill(uuid) });
  const running = create({ domain }, makeFakeContext({ host: serving, settings, log, layOver }));
  await running.start();
  const pass = async (seconds: number): Promise<void> => {
    for (let i = 0; i <= seconds; i++) {
      if (i > 0) host.clock.advance(1);
      for (let turn = 0; turn < 200; turn++) {
        if (turn % 50 === 0) host.clock.advance(0);
        await Promise.resolve();
      }
    }
  };
  await pass(0);
  return Object.assign(bed, { host: serving, log, running, asked, found, failing, pass });
}

export const DOMAIN = ".example.com";
const SERVICE = "_sflow._udp.example.com";

export const srv = (target: string, priority = 0, weight = 0, port = 6343, ttl = 60): string =>
  `${SERVICE} ${ttl} SRV ${priority} ${weight} ${port} ${target}`;
export const txt = (...strings: string[]): string => `${SERVICE} 60 TXT ${strings.map((one) => `"${one}"`).join(" ")}`;
export const a = (name: string, address: string, ttl = 60): string => `${name} ${ttl} A ${address}`;
export const aaaa = (name: string, address: string): string => `${name} 60 AAAA ${address}`;
