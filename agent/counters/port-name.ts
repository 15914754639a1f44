// Reads the present name of an interface. See sFlow OpenFlow Structures, "port_name".

import type { Adaptor } from "../interfaces/adaptor.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { portName } from "../sflow/records/counter/port-name.ts";

export const readPortName = ({ name }: Adaptor): CounterRecord => counterRecord(portName, { name });
