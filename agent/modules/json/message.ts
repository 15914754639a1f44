// Reads a message: at most one sample of each kind. It is valid as a whole, or refused as a whole.

import { type CounterSample, readCounterSample } from "./counter-sample.ts";
import { type CustomFlow, type Metrics, readCustomFlow, readMetrics } from "./custom-sample.ts";
import { isObject, type JsonObject } from "./document.ts";
import { Fault } from "./fault.ts";
import { type FlowSample, readFlowSample } from "./flow-sample.ts";
import { Shape } from "./shape.ts";

export interface Message {
  readonly flow_sample?: FlowSample;
  readonly counter_sample?: CounterSample;
  readonly rtmetric?: Metrics;
  readonly rtflow?: CustomFlow;
}

const shape = new Shape({
  flow_sample: readFlowSample,
  counter_sample: readCounterSample,
  rtmetric: readMetrics,
  rtflow: readCustomFlow,
});

/** Throws a Fault. */
export function readMessage(document: JsonObject): Message {
  const message = shape.read(document) as Message;
  for (const _ in message) return message;
  throw new Fault("Empty", "expected flow_sample, counter_sample, rtmetric or rtflow");
}

/** Returns the name by which the sender of a message calls itself, for the log; undefined if there is none. */
export function senderOf(document: JsonObject): string | undefined {
  for (const sample of Object.values(document)) {
    if (!isObject(sample)) continue;
    const name = sample["app_name"] ?? sample["datasource"];
    if (typeof name === "string") return name;
  }
  return undefined;
}
