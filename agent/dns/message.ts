// Encodes a question and decodes its answer. See RFC 1035, section 4, RFC 2782 for SRV, and RFC 6891 for EDNS. This is
// the only file that uses dns-packet.

import { type Answer, decode, encode, type OptAnswer, type Packet, RECURSION_DESIRED } from "dns-packet";
import { boundedMessage } from "./bounded-message.ts";

export interface Srv {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** A name without a final dot. A lone `.` means that the service does not exist. */
  readonly target: string;
}

/** The data of one record, by its type. The data of TXT is a list of strings. */
export interface RecordData {
  readonly SRV: Srv;
  readonly TXT: readonly string[];
  readonly A: string;
  readonly AAAA: string;
}

export type RecordType = keyof RecordData;

export interface Question<T extends RecordType> {
  /** A name without a final dot. */
  readonly name: string;
  readonly type: T;
}

/**
 * The content of a message. `foreign`: the message does not answer the question. `none`: the server says that there are
 * no such records. `refusal`: the server returns an error code, such as `SERVFAIL`.
 */
export type Reading<T extends RecordType> =
  | { readonly kind: "records"; readonly records: readonly RecordData[T][]; readonly ttl: number }
  | { readonly kind: "none"; readonly why: string; readonly ttl: number | undefined }
  | { readonly kind: "foreign" | "truncated" | "malformed" }
  | { readonly kind: "refusal"; readonly why: string };

/** Largest UDP payload in bytes that passes all networks without fragmentation. See RFC 9715. */
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
const HEADER_BYTES = 12;
/** Largest number of aliases to follow from the name in the question. */
const ALIASES = 16;

/** Encodes a question. `extended` adds the OPT record, so that the server may answer with more than 512 bytes. */
export const encodeQuestion = ({ name, type }: Question<RecordType>, id: number, extended: boolean): Uint8Array =>
  encode({
    type: "query",
    id,
    flags: RECURSION_DESIRED,
    questions: [{ name, type }],
    additionals: extended ? [OPT] : [],
  });

/** Decodes a message. Returns undefined if it is truncated: then dns-packet throws or reads past the end. */
function decodeMessage(bytes: Uint8Array): Packet | undefined {
  const message = boundedMessage(bytes);
  if (message === undefined) return undefined;
  try {
    const packet = decode(message);
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

/** Returns a valid TTL: 0 if the highest bit is set. See RFC 2181, section 8. */
const validTtl = (ttl: number): number => (ttl > 0x7fff_ffff ? 0 : ttl);

const lifetime = (answer: Answer): number => (answer.type === "OPT" ? 0 : validTtl(answer.ttl ?? 0));

interface FollowedAliases {
  readonly records: readonly Answer[];
  /** The shortest TTL in seconds among the records and the aliases that lead to them. */
  readonly ttl: number;
}

/** Returns the records of a name, after following its aliases. */
function followAliases(answers: readonly Answer[], { name, type }: Question<RecordType>): FollowedAliases {
  const named = answers.map((answer) => ({ answer, name: answer.name.toLowerCase() }));
  let at = name.toLowerCase();
  let ttl = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ALIASES; i++) {
    const here = named.filter((each) => each.name === at).map(({ answer }) => answer);
    const records = here.filter((answer) => answer.type === type);
    const alias = here.find((answer) => answer.type === "CNAME");
    const used = records.length > 0 || alias === undefined ? records : [alias];
    for (const answer of used) ttl = Math.min(ttl, lifetime(answer));
    if (alias?.type !== "CNAME" || records.length > 0) return { records, ttl };
    at = alias.data.toLowerCase();
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

/** Returns the seconds for which the answer "no records" is valid. See RFC 2308, section 5. */
function negativeLifetime(authorities: readonly Answer[]): number | undefined {
  const soa = authorities.find((answer) => answer.type === "SOA");
  return soa?.type === "SOA" ? Math.min(lifetime(soa), validTtl(soa.data.minimum ?? 0)) : undefined;
}

/** Reads the id and two flags, before the rest of the message is decoded. */
function readHeader(bytes: Uint8Array) {
  const flags = ((bytes[2] as number) << 8) | (bytes[3] as number);
  return { isResponse: flags >> 15 === 1, truncated: ((flags >> 9) & 1) === 1 };
}

const isForeign = (bytes: Uint8Array, id: number): boolean =>
  bytes.length < HEADER_BYTES ||
  (((bytes[0] as number) << 8) | (bytes[1] as number)) !== id ||
  !readHeader(bytes).isResponse;

/** Decodes a message as the answer to the question with this id. Never throws. */
export function readAnswer<T extends RecordType>(bytes: Uint8Array, id: number, question: Question<T>): Reading<T> {
  if (isForeign(bytes, id)) return { kind: "foreign" };
  if (readHeader(bytes).truncated) return { kind: "truncated" };
  const packet = decodeMessage(bytes);
  if (packet === undefined) return { kind: "malformed" };
  // The type in dns-packet lacks `rcode`.
  const { rcode } = packet as unknown as { rcode: string };
  const refused = rcode !== "NOERROR" && rcode !== "NXDOMAIN";
  if (!isAbout(packet, question) && !(refused && packet.questions?.length === 0)) return { kind: "foreign" };
  if (refused) return { kind: "refusal", why: rcode };
  const { answers = [], authorities = [] } = packet;
  const { records, ttl } = followAliases(answers, question);
  const noName = rcode === "NXDOMAIN";
  if (records.length > 0 && !noName) return { kind: "records", records: records.map(dataOf) as RecordData[T][], ttl };
  const why = noName ? "no such name" : `no ${question.type} records`;
  return { kind: "none", why, ttl: negativeLifetime(authorities) };
}
