// An optical module and its lanes. See sFlow Optical Interface Structures, "sfp".

import { struct } from "../../../xdr/struct.ts";
import { array, int32, uint32 } from "../../../xdr/type.ts";
import { counterType } from "../../record.ts";

/** A lane: bias current in uA, powers in uW, wavelengths in nm. The index starts at 1; 0 is unknown. */
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
  /** The ifIndex, or a number of the module. */
  module_id: uint32,
  module_num_lanes: uint32,
  /** Supply voltage in mV. */
  module_supply_voltage: uint32,
  /** Temperature in thousandths of a degree Celsius. */
  module_temperature: int32,
  /** The lanes. Never empty, because some decoders fail then. */
  module_lanes: array(lane),
});
