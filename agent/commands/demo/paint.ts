// Colours for a terminal; plain text for any other output. See ECMA-48, SGR.

export interface Paint {
  host(text: string): string;
  name(text: string): string;
  received(text: string): string;
  sent(text: string): string;
  faint(text: string): string;
  warning(text: string): string;
}

const sgr = (code: number) => (text: string) => `\x1b[${code}m${text}\x1b[0m`;
const plain = (text: string) => text;

export const makePaint = (colour: boolean): Paint =>
  colour
    ? { host: sgr(1), name: sgr(36), received: sgr(32), sent: sgr(33), faint: sgr(2), warning: sgr(31) }
    : { host: plain, name: plain, received: plain, sent: plain, faint: plain, warning: plain };
