// Energy, temperature, humidity and fans of a device. See the sFlow.org structure number registry.

import { counter32, int32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";
import { maybe32 } from "../../scalar.ts";

export const energy = counterType("energy", 3000, {
  /** Voltage in mV, current in mA, power in mW. */
  voltage: maybe32,
  current: maybe32,
  real_power: maybe32,
  /** Hundredths of a percent; -2147483647 is unknown, 2147483647 is direct current. */
  power_factor: int32,
  /** Energy in mJ. */
  energy: counter32,
  errors: counter32,
});

export const temperature = counterType("temperature", 3001, {
  /** Tenths of a degree Celsius. */
  minimum: int32,
  maximum: int32,
  errors: counter32,
});

/** Relative humidity in percent. */
export const humidity = counterType("humidity", 3002, { relative: int32 });

export const fans = counterType("fans", 3003, {
  total: uint32,
  failed: uint32,
  /** Mean speed in percent. */
  speed: uint32,
});
