// Parses datagrams from hex digits as common tools print them: xxd, tcpdump -x, hexdump, digits with dashes, or one
// datagram per line.

const OFFSET = /^\s*(0x)?[0-9a-f]{4,8}:\s+/i;
const COMMENT = /#.*$/;

/**
 * Returns one datagram for each paragraph, or for each line if all lines of the paragraph begin with version 5. Returns
 * undefined if the text is not hex.
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
  return (body === plain ? body : withoutText(body)).replaceAll(/[\s:-]|0x/gi, "");
}

/** Removes the text column of a dump: between bars in hexdump, after two spaces in xxd and tcpdump. */
const withoutText = (row: string): string =>
  row.includes("|") ? row.slice(0, row.indexOf("|")) : row.replace(/\s{2,}.*/, "");

const isHex = (digits: string): boolean => digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits);

const bytesOf = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));
