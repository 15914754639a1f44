// An optical module and its lanes. sFlow Optical Interface Structures, "sfp".

import { struct } from "../../../xdr/struct.ts";
import { array, int32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

/** Bias current in uA, powers in uW, wavelengths in nm; index from 1, 0 unknown. */
const lane = struct("lane", {
  index: uint32,
  tx_bias_current: uint32,
  tx_power: uint32,
  tx_power_min: uint32,
  tx_power_max: uint32,
  tx_wavelength: uint32,
  rx_power: uint32,
  rx_power_min: uint32,
  rx_power_max: uint32,
  rx_wavelength: uint32,
});

export const sfp = counterType("sfp", 10, {
  /** ifIndex, or one of its own. */
  module_id: uint32,
  module_num_lanes: uint32,
  /** mV. */
  module_supply_voltage: uint32,
  /** Thousandths of a degree Celsius. */
  module_temperature: int32,
  /** Those reported; never empty, for decoders break on it. */
  module_lanes: array(lane),
});
