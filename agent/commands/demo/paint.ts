// Colours for a terminal; plain text for any other output. See ECMA-48, SGR.

import { type Printable, plainText, styledText } from "../../text/printable.ts";

export interface Paint {
  host(text: string): Printable;
  name(text: string): Printable;
  received(text: string): Printable;
  sent(text: string): Printable;
  faint(text: string): Printable;
  warning(text: string): Printable;
}

const sgr = (code: number) => (text: string) => styledText(code, text);

export const makePaint = (colour: boolean): Paint =>
  colour
    ? { host: sgr(1), name: sgr(36), received: sgr(32), sent: sgr(33), faint: sgr(2), warning: sgr(31) }
    : {
        host: plainText,
        name: plainText,
        received: plainText,
        sent: plainText,
        faint: plainText,
        warning: plainText,
      };
