// The settings in force. Blocks keep this object, and a reload replaces the values in it.

import type { Adaptor } from "../interfaces/adaptor.ts";
import type { ApplicationSettings, Rate, Settings } from "./settings.ts";

export class LiveSettings implements Settings {
  #current: Settings;

  constructor(initial: Settings) {
    this.#current = initial;
  }

  replace(settings: Settings): void {
    this.#current = settings;
  }

  get polling(): number {
    return this.#current.polling;
  }

  get headerBytes(): number {
    return this.#current.headerBytes;
  }

  get datagramBytes(): number {
    return this.#current.datagramBytes;
  }

  get subAgentId(): number {
    return this.#current.subAgentId;
  }

  get samplingLimit(): number {
    return this.#current.samplingLimit;
  }

  get uuid(): Uint8Array {
    return this.#current.uuid;
  }

  samplingRate(adaptor: Pick<Adaptor, "adminUp" | "speed">): Rate {
    return this.#current.samplingRate(adaptor);
  }

  application(name: string): ApplicationSettings {
    return this.#current.application(name);
  }
}
