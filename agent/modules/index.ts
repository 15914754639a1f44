// List of all blocks of hsflowd.conf. Blocks start in this order, and their annotators see a batch in this order, which
// is the same as in hsflowd.

import type { ValuesOf } from "../config/option.ts";
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
import type { AnyOptions, Module, ModuleCode } from "./module.ts";
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

type Code<C> = () => Promise<ModuleCode<C>>;

/** A block in the list: its description, how often it may be given, and its code. */
export interface ListedModule extends Module<AnyOptions> {
  /** True if the file may have several of these blocks. Otherwise only the last one is used. */
  readonly many?: true;
  /** Undefined if the block is parsed and checked but not implemented. A warning then names the block. */
  readonly load?: Code<unknown>;
}

/** Hides the type of a block's values from the list. `one` and `many` check before that description and code agree. */
const listed = (module: unknown): ListedModule => module as ListedModule;

/** Makes the entry of a block of which only the last one is used. */
const one = <O extends AnyOptions>(module: Module<O>, load: Code<ValuesOf<O>>): ListedModule =>
  listed({ ...module, load });

/** Makes the entry of a block that the file may have several times. */
const many = <O extends AnyOptions>(module: Module<O>, load: Code<readonly ValuesOf<O>[]>): ListedModule =>
  listed({ ...module, load, many: true });

const notYet = <O extends AnyOptions>(module: Module<O>): ListedModule => listed(module);

export const modules: readonly ListedModule[] = [
  many(collector, () => import("./collector/index.ts")),
  one(host, () => import("./host/index.ts")),
  one(interfaces, () => import("./interfaces/index.ts")),
  one(json, () => import("./json/index.ts")),
  notYet(kvm),
  notYet(xen),
  one(docker, () => import("./docker/index.ts")),
  notYet(containerd),
  notYet(k8s),
  many(pcap, () => import("./pcap/index.ts")),
  many(epcap, () => import("./pcap/as-epcap.ts")),
  one(tcp, () => import("./tcp/index.ts")),
  notYet(ulog),
  notYet(nflog),
  one(psample, () => import("./psample/index.ts")),
  notYet(dropmon),
  notYet(nvml),
  notYet(ovs),
  notYet(cumulus),
  notYet(dent),
  notYet(opx),
  notYet(os10),
  notYet(sonic),
  notYet(dbus),
  one(systemd, () => import("./systemd/index.ts")),
  notYet(eapi),
  notYet(nlroute),
  notYet(vpp),
  one(dnsSd, () => import("./dns-sd/index.ts")),
  one(metrics, () => import("./metrics/index.ts")),
];
