// Datagrams written down as hex digits, in any of the ways people paste them: xxd, tcpdump -x, dashes, one line each.

const OFFSET = /^\s*(0x)?[0-9a-f]{4,8}:\s+/i;
const COMMENT = /#.*$/;

/**
 * A paragraph is a datagram; where each of its lines begins with version 5, each line is one. Undefined where it is not
 * hex.
 */
export function datagramsOfHex(text: string): Uint8Array[] | undefined {
  const paragraphs = text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.split("\n").map(digitsOf).filter(Boolean))
    .filter((lines) => lines.length > 0);
  const datagrams = paragraphs.flatMap((lines) =>
    lines.every((line) => line.startsWith("00000005")) ? lines : [lines.join("")],
  );
  return datagrams.every(isHex) ? datagrams.map(bytesOf) : undefined;
}

function digitsOf(line: string): string {
  const plain = line.replace(COMMENT, "");
  const body = plain.replace(OFFSET, "");
  return (body === plain ? body : withoutCharacters(body)).replaceAll(/[\s:-]|0x/gi, "");
}

/** Of a dump: between bars as hexdump prints them, or behind two spaces as xxd and tcpdump do. */
const withoutCharacters = (row: string): string =>
  row.includes("|") ? row.slice(0, row.indexOf("|")) : row.replace(/\s{2,}.*/, "");

const isHex = (digits: string): boolean => digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits);

const bytesOf = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));
