// The settings of sflow { } for the agent itself: polling, sampling by speed, sizes of headers and datagrams, identity.

import type { Adaptor } from "../interfaces/adaptor.ts";
import type { SflowConfig } from "./sflow-block.ts";
import { sflowOptions } from "./sflow-block.ts";
import { speedName } from "./speed-name.ts";

export interface Rate {
  /** 1-in-N; 0 means not sampled. */
  readonly rate: number;
  /** The reason for the rate, as text for people. */
  readonly why: string;
}

export interface Settings {
  /** Polling interval in seconds; 0 means off. */
  readonly polling: number;
  readonly headerBytes: number;
  readonly datagramBytes: number;
  readonly subAgentId: number;
  /** The largest number of samples per second of each interface; 0 means no limit. */
  readonly samplingLimit: number;
  /** UUID of this host, 16 bytes. */
  readonly uuid: Uint8Array;
  /** Returns the sampling rate of an interface by its speed and state, as hsflowd computes it. */
  samplingRate(adaptor: Pick<Adaptor, "adminUp" | "speed">): Rate;
  /** Returns the settings of an application: of its name, or else of all applications, or else the general ones. */
  application(name: string): ApplicationSettings;
}

export interface ApplicationSettings {
  /** 1-in-N; 0 means off. */
  readonly sampling: number;
  /** Seconds; 0 means off. */
  readonly polling: number;
}

/** The settings of an application or of a speed, from the keys `sampling.NAME` and `polling.NAME`. */
export interface Application {
  readonly name: string;
  readonly sampling: number | undefined;
  readonly polling: number | undefined;
}

const listed = new WeakMap<SflowConfig, readonly Application[]>();

/** Returns the entries in file order, entries with only a polling interval last. Lists a configuration only once. */
export function applications(config: SflowConfig): readonly Application[] {
  const list = listed.get(config) ?? listApplications(config);
  listed.set(config, list);
  return list;
}

function listApplications(config: SflowConfig): readonly Application[] {
  const [sampling, polling] = [config["sampling.*"], config["polling.*"]];
  const names = [...new Set([...sampling.keys(), ...polling.keys()])];
  return names.map((name) => ({ name, sampling: sampling.get(name), polling: polling.get(name) }));
}

/** Finds the entry for `app.web.front`: `app.web.front` itself, or else `app.web`, or else `app`. */
export function findApplication(config: SflowConfig, name: string): Application | undefined {
  const [sampling, polling] = [config["sampling.*"].get(name), config["polling.*"].get(name)];
  if (sampling !== undefined || polling !== undefined) return { name, sampling, polling };
  const dot = name.lastIndexOf(".");
  return dot < 0 ? undefined : findApplication(config, name.slice(0, dot));
}

/** The default of sampling.bps_ratio, for a speed without a rate of its own: 1-in-1000 at 1 Gb/s, as on a switch. */
const DEFAULT_RATIO = 1_000_000;
const DEFAULT_LEAST = 100;

/** The block that discovered a setting, such as dns-sd. Maps keys of sflow { } in lower case to keywords of blocks. */
type Origins = ReadonlyMap<string, string>;

/** Formats a setting: `sampling = 400`, or `sampling = 400 by dns-sd` if a block discovered it. */
type ShowSetting = (key: string, value: number) => string;

const showWith =
  (origins: Origins): ShowSetting =>
  (key, value) => {
    const source = origins.get(key.toLowerCase());
    return `${key} = ${value}${source === undefined ? "" : ` by ${source}`}`;
  };

function rateByName(config: SflowConfig, show: ShowSetting, name: string): Rate | undefined {
  const entry = findApplication(config, name);
  if (entry === undefined) return undefined;
  if (entry.sampling !== undefined)
    return { rate: entry.sampling, why: show(`sampling.${entry.name}`, entry.sampling) };
  return {
    rate: config.sampling,
    why: `${show("sampling", config.sampling)}, because polling.${entry.name} has no rate`,
  };
}

function rateByRatio(config: SflowConfig, show: ShowSetting, speed: number, name: string): Rate {
  const ratio = config["sampling.bps_ratio"];
  if (ratio === 0)
    return { rate: config.sampling, why: `${show("sampling", config.sampling)}, because sampling.bps_ratio is 0` };
  if (ratio !== undefined) {
    const why = `speed ${name} / ${show("sampling.bps_ratio", ratio)}`;
    return { rate: Math.max(1, Math.floor(speed / ratio)), why };
  }
  const rate = Math.max(DEFAULT_LEAST, Math.floor(speed / DEFAULT_RATIO));
  const bound = rate * DEFAULT_RATIO > speed ? `, at least ${DEFAULT_LEAST}` : "";
  const unused =
    config.sampling === sflowOptions.sampling.default
      ? ""
      : ` (sampling = ${config.sampling} applies to unknown speeds)`;
  return { rate, why: `speed ${name} / ${DEFAULT_RATIO}${bound}${unused}` };
}

type SpeedAndState = Pick<Adaptor, "adminUp" | "speed">;

function samplingRate(config: SflowConfig, show: ShowSetting, { adminUp, speed }: SpeedAndState): Rate {
  if (!adminUp) return { rate: 0, why: "the interface is down" };
  if (speed <= 0)
    return { rate: config.sampling, why: `${show("sampling", config.sampling)}, because the speed is unknown` };
  const name = speedName(speed);
  return rateByName(config, show, name) ?? rateByRatio(config, show, speed, name);
}

/** Makes the settings. `uuid` is the UUID of the machine, which the file may override. */
export function makeSettings(config: SflowConfig, uuid: Uint8Array, origins: Origins = new Map()): Settings {
  const show = showWith(origins);
  return {
    polling: config.polling,
    headerBytes: config.headerBytes,
    datagramBytes: config.datagramBytes,
    subAgentId: config.subAgentId,
    samplingLimit: config["sampling.limit"],
    uuid: config.uuid ?? uuid,
    samplingRate: (adaptor) => samplingRate(config, show, adaptor),
    application(name) {
      const { sampling = config.sampling, polling = config.polling } = findApplication(config, `app.${name}`) ?? {};
      return { sampling, polling };
    },
  };
}
