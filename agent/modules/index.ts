// Every block of hsflowd.conf, one line each. The order is that of start-up, and of annotators on a batch: hsflowd's.

import { collector } from "./collector/config.ts";
import { containerd } from "./containerd/config.ts";
import { cumulus } from "./cumulus/config.ts";
import { dbus } from "./dbus/config.ts";
import { dent } from "./dent/config.ts";
import { dnsSd } from "./dns-sd/config.ts";
import { docker } from "./docker/config.ts";
import { dropmon } from "./dropmon/config.ts";
import { eapi } from "./eapi/config.ts";
import { epcap } from "./epcap/config.ts";
import { host } from "./host/config.ts";
import { interfaces } from "./interfaces/config.ts";
import { json } from "./json/config.ts";
import { k8s } from "./k8s/config.ts";
import { kvm } from "./kvm/config.ts";
import { metrics } from "./metrics/config.ts";
import type { Module } from "./module.ts";
import { nflog } from "./nflog/config.ts";
import { nlroute } from "./nlroute/config.ts";
import { nvml } from "./nvml/config.ts";
import { opx } from "./opx/config.ts";
import { os10 } from "./os10/config.ts";
import { ovs } from "./ovs/config.ts";
import { pcap } from "./pcap/config.ts";
import { psample } from "./psample/config.ts";
import { sonic } from "./sonic/config.ts";
import { systemd } from "./systemd/config.ts";
import { tcp } from "./tcp/config.ts";
import { ulog } from "./ulog/config.ts";
import { vpp } from "./vpp/config.ts";
import { xen } from "./xen/config.ts";

export const modules: readonly Module<Record<string, unknown>>[] = [
  collector,
  host,
  interfaces,
  json,
  kvm,
  xen,
  docker,
  containerd,
  k8s,
  pcap,
  epcap,
  tcp,
  ulog,
  nflog,
  psample,
  dropmon,
  nvml,
  ovs,
  cumulus,
  dent,
  opx,
  os10,
  sonic,
  dbus,
  systemd,
  eapi,
  nlroute,
  vpp,
  dnsSd,
  metrics,
];
