// G, discarded packets: only where configured, each with its header, plain interfaces and a listed reason.

import { dropReasonName } from "../../agent/sflow/enums/drop-reason.ts";
import { type Check, check, each, eachOf } from "./check.ts";

const HEADERS = [1, 2, 3, 4];

export const discards: readonly Check[] = [
  check("G-01", "M", "there are none unless configured", ({ stream, expect: { discards: wanted = false } }) =>
    wanted ? [] : each(stream.discards, ({ name }) => `${name}: a discarded packet`),
  ),
  check("G-03", "M", "each has a header", ({ stream }) =>
    eachOf(
      stream.discards,
      ({ name, sample: { records } }) =>
        !records.some(({ format }) => HEADERS.includes(format)) && `${name}: no header`,
    ),
  ),
  check("G-04", "M", "each has a listed reason", ({ stream }) =>
    eachOf(
      stream.discards,
      ({ name, sample: { reason } }) => dropReasonName(reason) === undefined && `${name}: reason ${reason}`,
    ),
  ),
  check("G-05", "M", "input and output are plain interfaces", ({ stream }) =>
    eachOf(stream.discards, ({ name, sample: { input, output } }) => {
      const odd = [input, output].find((port) => port >= 0x3fff_ffff);
      return odd !== undefined && `${name}: ${odd}`;
    }),
  ),
  check("G-07", "P", "dev_hdr and tc_egress have their own numbers", ({ stream }) =>
    eachOf(stream.discards, ({ name, sample: { reason } }) => [33, 36].includes(reason) && `${name}: reason ${reason}`),
  ),
];
