// Explains why an interface is sampled or not: the setting in the file that decides, what prevents sampling, and what
// the running agent does now.

import { nearestWord } from "../../config/nearest.ts";
import type { Adaptor } from "../../interfaces/adaptor.ts";
import { modules } from "../../modules/index.ts";
import type { TapReport } from "../../report/report.ts";
import { blockToSample, samplesNothing } from "../../run/outcome.ts";
import { speedName } from "../../settings/speed-name.ts";
import { linesText, type Printable } from "../../text/printable.ts";
import { cannotTell, type Survey } from "../survey.ts";

/** Whether an interface is sampled, and the reason. */
export interface InterfaceExplanation {
  readonly interface: string;
  /** Null if that cannot be told. */
  readonly sampled: boolean | null;
  /** N of 1-in-N; 0: not sampled; null if that cannot be told. */
  readonly rate: number | null;
  /** The setting that decides the rate, or the reason why the interface is not sampled. */
  readonly why: string;
  /** The way to have the interface sampled, if it is not sampled now. */
  readonly remedy: string | undefined;
  /** Index, kind, state and speed; undefined if there is no such interface. */
  readonly description: string | undefined;
  /** Samples received by the running agent; undefined if it does not sample the interface. */
  readonly packets: number | undefined;
  /** Samples lost because a buffer was full. */
  readonly drops: number | undefined;
}

function describe({ index, kind, hardwareType, adminUp, operUp, speed, alternativeNames }: Adaptor): string {
  const what = kind ?? (hardwareType === 772 ? "loopback" : hardwareType === 1 ? "Ethernet" : "not Ethernet");
  const state = adminUp ? (operUp ? "up" : "up, no link") : "down";
  const names = alternativeNames.length === 0 ? "" : `, also named ${alternativeNames.join(", ")}`;
  return `index ${index}, ${what}, ${state}, speed ${speed === 0 ? "unknown" : speedName(speed)}${names}`;
}

type Verdict = Pick<InterfaceExplanation, "sampled" | "rate" | "why" | "remedy">;

const not = (why: string, remedy?: string): Verdict => ({ sampled: false, rate: 0, why, remedy });

/** The agent may sample the interface, but does not say so to this user. */
function unknown(why: string, plan: TapReport | undefined): Verdict {
  const would = plan === undefined || plan.rate === 0 ? "" : `; with this file, it would be sampled 1-in-${plan.rate}`;
  return { sampled: null, rate: null, why: `${why}${would}`, remedy: undefined };
}

function absent(name: string, { interfaces }: Survey): Verdict {
  const names = interfaces.all().flatMap((adaptor) => [adaptor.name, ...adaptor.alternativeNames]);
  const nearest = nearestWord(name, names);
  return not(
    "there is no such interface",
    nearest === undefined ? `interfaces are: ${names.join(", ")}` : `did you mean ${nearest}?`,
  );
}

/** Explains by the file alone, because no agent answers. */
function intended(tap: TapReport, obstacle: string): Verdict {
  if (tap.state !== "failing") return not(tap.why, tap.remedy);
  return not(`${obstacle}; with this file, an agent would sample ${tap.interface} 1-in-${tap.rate}: ${tap.why}`);
}

function actual(tap: TapReport, planned: TapReport | undefined): Verdict {
  if (planned !== undefined && planned.rate !== tap.rate) {
    const before = `the running agent still uses an older file: ${tap.why}`;
    return { sampled: tap.state === "sampled", rate: tap.rate, why: before, remedy: "systemctl reload hsflowd" };
  }
  if (tap.state === "sampled") return { sampled: true, rate: tap.rateInForce, why: tap.why, remedy: undefined };
  return not(tap.obstacle ?? tap.why, tap.remedy);
}

function verdict(name: string, survey: Survey): Verdict {
  const named = ({ interface: other }: TapReport): boolean => other === name;
  const { agent, file, text, configuration, intended: planned } = survey;
  const running = survey.actual?.find(named);
  if (survey.interfaces.byName(name) === undefined) return absent(name, survey);
  if (running !== undefined) return actual(running, planned?.find(named));
  const plan = planned?.find(named);
  const why = cannotTell(survey);
  if (why !== undefined) return unknown(why, plan);
  if (agent.kind !== "answer" && text === undefined)
    return not(`${agent.message}; ${file} cannot be read`, agent.remedy);
  if (text === undefined) return not(`${file} cannot be read`);
  if (configuration === undefined) return not(`${file} has errors`, `hsflowd check ${file}`);
  if (plan === undefined) {
    const what = samplesNothing(configuration, modules) === undefined ? "interfaces by itself" : "packets";
    return not(`no block of ${file} samples ${what}`, `add ${blockToSample(name, modules)} to sflow { }`);
  }
  if (agent.kind !== "answer") return intended(plan, agent.message);
  return not(
    "no block of the running agent samples packets: it uses an older file, or its log has the reason",
    "systemctl reload hsflowd",
  );
}

/** Explains the interface with any of its names. */
export function explainInterface(given: string, survey: Survey): InterfaceExplanation {
  const adaptor = survey.interfaces.byName(given);
  const name = adaptor?.name ?? given;
  const tap = survey.actual?.find((one) => one.interface === name);
  return {
    interface: name,
    ...verdict(name, survey),
    description: adaptor && describe(adaptor),
    packets: tap?.packets,
    drops: tap?.drops,
  };
}

export function interfaceText(explanation: InterfaceExplanation): Printable {
  const { interface: name, sampled, rate, why, remedy, description, packets, drops } = explanation;
  const lines = [
    ...(sampled === null ? [`whether ${name} is sampled: ${why}`] : []),
    ...(sampled === null
      ? []
      : [sampled ? `${name} is sampled 1-in-${rate}: ${why}` : `${name} is not sampled: ${why}`]),
    ...(remedy === undefined ? [] : [`  remedy: ${remedy}`]),
    ...(description === undefined ? [] : [`  ${description}`]),
    ...(sampled ? [`  ${packets} samples so far, ${drops} dropped because a buffer was full`] : []),
  ];
  return linesText(lines);
}
