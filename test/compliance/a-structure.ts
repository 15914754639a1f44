// A, datagram structure: counts and lengths that add up, one form of sample a datagram, records in an order that
// every decoder survives.

import { showFormat } from "../../agent/sflow/data-format.ts";
import type { Port } from "../../agent/sflow/decode/values.ts";
import { dropReasonName } from "../../agent/sflow/enums/drop-reason.ts";
import { type Check, check, type Evidence, each, eachOf } from "./check.ts";
import type { Layout, SampleSpan } from "./layout.ts";
import { groupBy, type Seen } from "./stream.ts";

type Whole = Seen & { readonly layout: Layout };

const whole = ({ stream }: Evidence): Whole[] => stream.seen.filter((seen): seen is Whole => seen.layout !== undefined);

/** Returns each sample with the name of its place. */
const spans = (evidence: Evidence): { name: string; sample: SampleSpan }[] =>
  whole(evidence).flatMap(({ name, layout }) =>
    layout.samples.map((sample, i) => ({ name: `${name} samples[${i}]`, sample })),
  );

const STANDARD = [1, 2, 3, 4, 5];
/** The records of enterprise 0 that tshark 4.0 decodes. It cannot step over others. */
const isKnownToTshark = (format: number): boolean => format <= 4 || (format >= 1001 && format <= 1016);
/** 802.11 pairs, tunnel layers; queues. */
const MAY_REPEAT = { flow: [1014, 1015, 1021, 1022, 1023, 1024, 1025, 1026, 1027, 1028, 1029, 1030], counters: [1003] };

const ports = ({ stream }: Evidence): { name: string; which: "input" | "output"; port: Port }[] =>
  stream.flows.flatMap(({ name, sample }) => [
    { name, which: "input" as const, port: sample.input },
    { name, which: "output" as const, port: sample.output },
  ]);

function judgeOutput({ format, value }: Port): string | undefined {
  if (format > 2) return `format ${format} is undefined`;
  if (format === 1 && dropReasonName(value) === undefined) return `drop reason ${value} is not listed`;
  return format === 2 && value === 1 ? "1 of several interfaces" : undefined;
}

const repeated = (formats: readonly number[], allowed: readonly number[]): number | undefined =>
  formats.find((format, i) => formats.indexOf(format) !== i && !allowed.includes(format));

export const structure: readonly Check[] = [
  check("A-01", "M", "the first word is 5", ({ stream }) =>
    eachOf(stream.seen, ({ name, layout }) => layout?.version !== 5 && `${name}: version ${layout?.version}`),
  ),
  check("A-02", "M", "the agent address has type 1 or 2", (evidence) =>
    eachOf(
      whole(evidence),
      ({ name, layout }) => ![1, 2].includes(layout.addressType) && `${name}: address type ${layout.addressType}`,
    ),
  ),
  check("A-03", "M", "there are as many samples as announced", (evidence) =>
    eachOf(
      whole(evidence),
      ({ name, layout: { announced, samples } }) =>
        announced !== samples.length && `${name}: ${announced} announced, ${samples.length} found`,
    ),
  ),
  check("A-04", "M", "header and samples fill the payload exactly", (evidence) =>
    eachOf(
      whole(evidence),
      ({ name, layout, payload }) =>
        layout.end !== payload.length && `${name}: ${payload.length - layout.end} bytes over`,
    ),
  ),
  check("A-05", "M", "every length is a multiple of 4", (evidence) =>
    eachOf(spans(evidence), ({ name, sample }) => {
      const odd = [sample, ...sample.records].find(({ length }) => length % 4 !== 0);
      return odd && `${name}: ${showFormat(odd.format)} has length ${odd.length}`;
    }),
  ),
  check("A-06", "M", "fixed part and records fill the sample exactly", (evidence) =>
    eachOf(
      spans(evidence),
      ({ name, sample }) => sample.end !== sample.length && `${name}: ${sample.length - sample.end} bytes over`,
    ),
  ),
  check("A-07", "M", "there are as many records as announced", (evidence) =>
    eachOf(
      spans(evidence),
      ({ name, sample: { announced, records } }) =>
        announced !== records.length && `${name}: ${announced} announced, ${records.length} found`,
    ),
  ),
  check("A-10", "M", "samples are of sFlow.org's formats, or of a vendor's that was declared", (evidence) =>
    eachOf(spans(evidence), ({ name, sample: { format } }) => {
      const known = STANDARD.includes(format) || evidence.expect.vendorSamples?.includes(format);
      return !known && `${name}: format ${showFormat(format)}`;
    }),
  ),
  check("A-11", "S", "no payload is over the maximum", ({ stream, expect: { datagramBytes } }) =>
    eachOf(stream.seen, ({ name, payload }) => payload.length > datagramBytes && `${name}: ${payload.length} bytes`),
  ),
  check("A-12", "S", "every payload fits the path without fragments", ({ stream, expect: { mtu = 1500 } }) =>
    eachOf(stream.seen, ({ name, payload }) => payload.length > mtu - 48 && `${name}: ${payload.length} bytes`),
  ),
  check("A-13", "S", "no datagram is empty", (evidence) =>
    eachOf(whole(evidence), ({ name, layout }) => layout.announced === 0 && `${name}: no samples`),
  ),
  check("A-16", "M", "one agent does not mix compact and expanded samples", (evidence) => {
    const forms = groupBy(spans(evidence), ({ sample }) => (sample.format <= 2 ? "compact" : "expanded"));
    const [compact, expanded] = [forms.get("compact")?.[0], forms.get("expanded")?.find(isForm)];
    return compact && expanded ? [`${compact.name} is compact, ${expanded.name} is not`] : [];
  }),
  check("A-17", "M", "compact samples are sent only where no ifIndex needs more than 24 bits", ({ stream, truth }) => {
    const compact = stream.flows.concat(stream.counters as never[]).filter(({ sample }) => !sample.expanded);
    if (compact.length === 0) return [];
    return truth && each(truth.interfaces(), ({ name, ifIndex }) => ifIndex >= 1 << 24 && `${name} is ${ifIndex}`);
  }),
  check("A-18", "S", "no record comes twice in a sample", (evidence) =>
    eachOf(spans(evidence), ({ name, sample }) => {
      const allowed = sample.format % 2 === 1 ? MAY_REPEAT.flow : MAY_REPEAT.counters;
      const twice = repeated(
        sample.records.map(({ format }) => format),
        allowed,
      );
      return twice !== undefined && `${name}: ${showFormat(twice)} twice`;
    }),
  ),
  check("A-20", "P", "sampled_header comes first, and what tshark cannot skip comes last", ({ stream }) =>
    eachOf(stream.flows, ({ name, sample: { records } }) => {
      const formats = records.map(({ format }) => format);
      if (formats.includes(1) && formats[0] !== 1) return `${name}: ${showFormat(formats[0] ?? 0)} before the header`;
      const unknown = formats.findIndex((format) => !isKnownToTshark(format));
      const late = unknown < 0 ? undefined : formats.slice(unknown).find(isKnownToTshark);
      return late !== undefined && `${name}: ${showFormat(late)} after a record that tshark cannot skip`;
    }),
  ),
  check("A-22", "P", "if_counters comes first in the sample of an interface", ({ stream }) =>
    eachOf(
      stream.counters.filter(({ sample }) => sample.source.class === 0),
      ({ name, sample: { records } }) => records.findIndex(({ format }) => format === 1) > 0 && `${name}: not first`,
    ),
  ),
  check("A-23", "M", "the input of a packet is one interface", (evidence) =>
    eachOf(
      ports(evidence).filter(({ which }) => which === "input"),
      ({ name, port }) => port.format !== 0 && `${name}: input has format ${port.format}`,
    ),
  ),
  check("A-24", "M", "outputs have a defined format and a listed drop reason", (evidence) =>
    eachOf(ports(evidence), ({ name, which, port }) => {
      const wrong = judgeOutput(port);
      return wrong && `${name}: ${which}: ${wrong}`;
    }),
  ),
];

const isForm = ({ sample }: { sample: SampleSpan }): boolean => sample.format === 3 || sample.format === 4;
