// The use and the size of the tables of a Broadcom switch. See sFlow Broadcom Switch ASIC Structures, "hw_tables".

import { uint32 } from "../../../xdr/type.ts";
import { dataFormat } from "../../data-format.ts";
import { counterType } from "../../record.ts";

export const hwTables = counterType("hw_tables", dataFormat(4413, 3), {
  host_entries: uint32,
  host_entries_max: uint32,
  ipv4_entries: uint32,
  ipv4_entries_max: uint32,
  ipv6_entries: uint32,
  ipv6_entries_max: uint32,
  ipv4_ipv6_entries: uint32,
  ipv4_ipv6_entries_max: uint32,
  long_ipv6_entries: uint32,
  long_ipv6_entries_max: uint32,
  total_routes: uint32,
  total_routes_max: uint32,
  ecmp_nexthops: uint32,
  ecmp_nexthops_max: uint32,
  mac_entries: uint32,
  mac_entries_max: uint32,
  ipv4_neighbors: uint32,
  ipv6_neighbors: uint32,
  ipv4_routes: uint32,
  ipv6_routes: uint32,
  acl_ingress_entries: uint32,
  acl_ingress_entries_max: uint32,
  acl_ingress_counters: uint32,
  acl_ingress_counters_max: uint32,
  acl_ingress_meters: uint32,
  acl_ingress_meters_max: uint32,
  acl_ingress_slices: uint32,
  acl_ingress_slices_max: uint32,
  acl_egress_entries: uint32,
  acl_egress_entries_max: uint32,
  acl_egress_counters: uint32,
  acl_egress_counters_max: uint32,
  acl_egress_meters: uint32,
  acl_egress_meters_max: uint32,
  acl_egress_slices: uint32,
  acl_egress_slices_max: uint32,
});
