// What sflow { } says of the agent itself: polling, sampling by speed, header and datagram bytes, agent address.

import type { Adaptor } from "../interfaces/adaptor.ts";
import type { SflowConfig } from "./sflow-block.ts";
import { sflowOptions } from "./sflow-block.ts";
import { speedName } from "./speed-name.ts";

export interface Rate {
  /** 1-in-N; 0 is not sampled. */
  readonly rate: number;
  /** What decided it, in words. */
  readonly why: string;
}

export interface Settings {
  /** Seconds; 0 is off. */
  readonly polling: number;
  readonly headerBytes: number;
  readonly datagramBytes: number;
  readonly subAgentId: number;
  /** Samples a second of each tap; 0 is no limit. */
  readonly samplingLimit: number;
  /** 16 bytes. */
  readonly uuid: Uint8Array;
  /**
   * 1-in-N for an interface by its speed and state, as hsflowd computes it; 0 is not sampled. And what decided it, in
   * words.
   */
  samplingRate(adaptor: Pick<Adaptor, "adminUp" | "speed">): Rate;
}

/** What the file says of one name behind `sampling.` and `polling.`: a speed or an application. */
export interface Application {
  readonly name: string;
  readonly sampling: number | undefined;
  readonly polling: number | undefined;
}

/** In file order; names that have only an interval come last. */
export function applications(config: SflowConfig): readonly Application[] {
  const [sampling, polling] = [config["sampling.*"], config["polling.*"]];
  const names = [...new Set([...sampling.keys(), ...polling.keys()])];
  return names.map((name) => ({ name, sampling: sampling.get(name), polling: polling.get(name) }));
}

/** The longest entry that is `name` or a part of it up to a dot. What the entry leaves open is as in general. */
export function findApplication(config: SflowConfig, name: string): Application | undefined {
  const fits = applications(config).filter((entry) => name === entry.name || name.startsWith(`${entry.name}.`));
  return fits.reduce<Application | undefined>(
    (a, b) => (a === undefined || b.name.length > a.name.length ? b : a),
    undefined,
  );
}

/** Where the file gives neither a rate for the speed nor a ratio: 1-in-1000 at 1 Gb/s, as on a switch. */
const DEFAULT_RATIO = 1_000_000;
const DEFAULT_LEAST = 100;

/** Keys of sflow { } that do not come from the file, in lower case, and who found them. */
type Origins = ReadonlyMap<string, string>;

/** `sampling = 400`, and who says so where it is not the file. */
type Said = (key: string, value: number) => string;

const saidBy =
  (origins: Origins): Said =>
  (key, value) => {
    const source = origins.get(key.toLowerCase());
    return `${key} = ${value}${source === undefined ? "" : ` by ${source}`}`;
  };

function rateByName(config: SflowConfig, said: Said, name: string): Rate | undefined {
  const entry = findApplication(config, name);
  if (entry === undefined) return undefined;
  if (entry.sampling !== undefined)
    return { rate: entry.sampling, why: said(`sampling.${entry.name}`, entry.sampling) };
  return {
    rate: config.sampling,
    why: `${said("sampling", config.sampling)}, for polling.${entry.name} gives no rate`,
  };
}

function rateByRatio(config: SflowConfig, said: Said, speed: number, name: string): Rate {
  const ratio = config["sampling.bps_ratio"];
  if (ratio === 0)
    return { rate: config.sampling, why: `${said("sampling", config.sampling)}, for sampling.bps_ratio is 0` };
  if (ratio !== undefined) {
    const why = `speed ${name} / ${said("sampling.bps_ratio", ratio)}`;
    return { rate: Math.max(1, Math.floor(speed / ratio)), why };
  }
  const rate = Math.max(DEFAULT_LEAST, Math.floor(speed / DEFAULT_RATIO));
  const bound = rate * DEFAULT_RATIO > speed ? `, at least ${DEFAULT_LEAST}` : "";
  const unused =
    config.sampling === sflowOptions.sampling.default ? "" : ` (sampling = ${config.sampling} is for unknown speeds)`;
  return { rate, why: `speed ${name} / ${DEFAULT_RATIO}${bound}${unused}` };
}

type Known = Pick<Adaptor, "adminUp" | "speed">;

function samplingRate(config: SflowConfig, said: Said, { adminUp, speed }: Known): Rate {
  if (!adminUp) return { rate: 0, why: "the interface is down" };
  if (speed <= 0)
    return { rate: config.sampling, why: `${said("sampling", config.sampling)}, for the speed is unknown` };
  const name = speedName(speed);
  return rateByName(config, said, name) ?? rateByRatio(config, said, speed, name);
}

/** `uuid` is what is known of the machine: one in the file goes before it. */
export function makeSettings(config: SflowConfig, uuid: Uint8Array, origins: Origins = new Map()): Settings {
  const said = saidBy(origins);
  return {
    polling: config.polling,
    headerBytes: config.headerBytes,
    datagramBytes: config.datagramBytes,
    subAgentId: config.subAgentId,
    samplingLimit: config["sampling.limit"],
    uuid: config.uuid ?? uuid,
    samplingRate: (adaptor) => samplingRate(config, said, adaptor),
  };
}
