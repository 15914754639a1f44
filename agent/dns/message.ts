// A question and what an answer says to it, as bytes. RFC 1035, section 4; RFC 2782 for SRV; RFC 6891 for EDNS. The
// only file that knows dns-packet.

import { type Answer, decode, encode, type OptAnswer, type Packet, RECURSION_DESIRED } from "dns-packet";

export interface Srv {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** Without a dot at its end; `.` alone says that there is no such service. */
  readonly target: string;
}

/** What one record says, by its type; of TXT its strings. */
export interface RecordData {
  readonly SRV: Srv;
  readonly TXT: readonly string[];
  readonly A: string;
  readonly AAAA: string;
}

export type RecordType = keyof RecordData;

export interface Question<T extends RecordType> {
  /** Without a dot at its end. */
  readonly name: string;
  readonly type: T;
}

/**
 * `foreign`: the answer to another question, or none at all. `none`: there are no such records, said with authority.
 * `refusal`: the server's own word for it, `SERVFAIL`.
 */
export type Reading<T extends RecordType> =
  | { readonly kind: "records"; readonly records: readonly RecordData[T][]; readonly ttl: number }
  | { readonly kind: "none"; readonly why: string; readonly ttl: number | undefined }
  | { readonly kind: "foreign" | "truncated" | "malformed" }
  | { readonly kind: "refusal"; readonly why: string };

/** Bytes of UDP that pass any path in one piece. RFC 9715. */
const PAYLOAD = 1232;
const OPT: OptAnswer = {
  name: ".",
  type: "OPT",
  udpPayloadSize: PAYLOAD,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};
/** Aliases to follow from the name that was asked for. */
const ALIASES = 16;

/** `extended` adds the OPT record, by which a server may answer with more than 512 bytes. */
export const encodeQuestion = ({ name, type }: Question<RecordType>, id: number, extended: boolean): Uint8Array =>
  encode({
    type: "query",
    id,
    flags: RECURSION_DESIRED,
    questions: [{ name, type }],
    additionals: extended ? [OPT] : [],
  });

/** dns-packet reads on past the end in places, and then counts more bytes than there are, or none. */
function decodeAll(bytes: Uint8Array): Packet | undefined {
  try {
    const packet = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    return decode.bytes <= bytes.length ? packet : undefined;
  } catch {
    return undefined;
  }
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function isAbout({ questions = [] }: Packet, { name, type }: Question<RecordType>): boolean {
  const [asked] = questions;
  return questions.length === 1 && asked !== undefined && sameName(asked.name, name) && asked.type === type;
}

/** RFC 2181, section 8: the highest bit means 0. */
const inForce = (ttl: number): number => (ttl > 0x7fff_ffff ? 0 : ttl);

const lifetime = (answer: Answer): number => (answer.type === "OPT" ? 0 : inForce(answer.ttl ?? 0));

interface Found {
  readonly records: readonly Answer[];
  /** Of the records and of the aliases on the way to them, in seconds. */
  readonly ttl: number;
}

function follow(answers: readonly Answer[], { name, type }: Question<RecordType>): Found {
  let at = name;
  let ttl = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ALIASES; i++) {
    const here = answers.filter((answer) => sameName(answer.name, at));
    const records = here.filter((answer) => answer.type === type);
    const alias = here.find((answer) => answer.type === "CNAME");
    const used = records.length > 0 || alias === undefined ? records : [alias];
    for (const answer of used) ttl = Math.min(ttl, lifetime(answer));
    if (alias?.type !== "CNAME" || records.length > 0) return { records, ttl };
    at = alias.data;
  }
  return { records: [], ttl: 0 };
}

function dataOf(answer: Answer): RecordData[RecordType] | undefined {
  if (answer.type === "A" || answer.type === "AAAA") return answer.data;
  if (answer.type === "TXT") return (answer.data as readonly Buffer[]).map((text) => text.toString());
  if (answer.type !== "SRV") return undefined;
  const { priority = 0, weight = 0, port, target } = answer.data;
  return { priority, weight, port, target };
}

/** RFC 2308, section 5. */
function negativeLifetime(authorities: readonly Answer[]): number | undefined {
  const soa = authorities.find((answer) => answer.type === "SOA");
  return soa?.type === "SOA" ? Math.min(lifetime(soa), inForce(soa.data.minimum ?? 0)) : undefined;
}

/** What the 16 bits behind the id say, before anything is made of the rest. */
function readHeader(bytes: Uint8Array) {
  const flags = ((bytes[2] as number) << 8) | (bytes[3] as number);
  return { isResponse: flags >> 15 === 1, truncated: ((flags >> 9) & 1) === 1 };
}

const isForeign = (bytes: Uint8Array, id: number): boolean =>
  bytes.length < 12 || (((bytes[0] as number) << 8) | (bytes[1] as number)) !== id || !readHeader(bytes).isResponse;

/** What a message says to the question that was asked under this id. Never throws. */
export function readAnswer<T extends RecordType>(bytes: Uint8Array, id: number, question: Question<T>): Reading<T> {
  if (isForeign(bytes, id)) return { kind: "foreign" };
  if (readHeader(bytes).truncated) return { kind: "truncated" };
  const packet = decodeAll(bytes);
  if (packet === undefined) return { kind: "malformed" };
  // The type of dns-packet does not have it.
  const { rcode } = packet as unknown as { rcode: string };
  const refused = rcode !== "NOERROR" && rcode !== "NXDOMAIN";
  if (!isAbout(packet, question) && !(refused && packet.questions?.length === 0)) return { kind: "foreign" };
  if (refused) return { kind: "refusal", why: rcode };
  const { answers = [], authorities = [] } = packet;
  const { records, ttl } = follow(answers, question);
  const noName = rcode === "NXDOMAIN";
  if (records.length > 0 && !noName) return { kind: "records", records: records.map(dataOf) as RecordData[T][], ttl };
  const why = noName ? "no such name" : `no ${question.type} records`;
  return { kind: "none", why, ttl: negativeLifetime(authorities) };
}
