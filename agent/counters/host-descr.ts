// Reads name, identity and operating system of this host. See uname(2); sFlow Host Structures, "host_descr".

import type { Host } from "../host/host.ts";
import { machineTypeOf, osNameOf } from "../sflow/enums/uname.ts";
import { type CounterRecord, counterRecord } from "../sflow/record.ts";
import { hostDescr } from "../sflow/records/counter/host-descr.ts";

/** Reads the record. `uuid` has 16 bytes. */
export function readHostDescr(host: Host, uuid: Uint8Array): CounterRecord {
  const { name, release, machine, system } = host.uname();
  return counterRecord(hostDescr, {
    hostname: name,
    uuid,
    machine_type: machineTypeOf(machine),
    os_name: osNameOf(system),
    os_release: release,
  });
}
