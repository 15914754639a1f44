// Notifies systemd that the agent is ready, reloads, is alive, or stops. See sd_notify(3) and systemd.service(5).

import type { Host } from "../host/host.ts";
import type { AgentStatus } from "../report/agent-status.ts";
import { unixAddress } from "../sockets/socket-address.ts";
import { AF_UNIX, SOCK_DGRAM } from "../sockets/socket-constants.ts";

/** The notifications of the agent. Without a service manager, all methods do nothing. */
export interface ServiceManager {
  /** Reports that the agent runs. From then on, also sends watchdog messages, each with a status line. */
  ready(status: () => AgentStatus): void;
  /** Reports a reload for as long as `work` runs. */
  reloading<T>(work: () => Promise<T>): Promise<T>;
  stopping(): void;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Returns one line for `systemctl status`. */
export function statusLine({ agentAddress, suppressed, obstacle, counters, modules }: AgentStatus): string {
  if (agentAddress === undefined) return "nothing is sent: no agent address found; run hsflowd explain agent";
  if (suppressed) return `nothing is sent: ${obstacle ?? "no collector"}; run hsflowd doctor`;
  const collectors = modules.flatMap(({ report }) => report.collectors ?? []).length;
  const { flowSamples, counterSamples, datagrams } = counters;
  const sent = `${plural(datagrams, "datagram")} to ${plural(collectors, "collector")}`;
  return `${agentAddress.address}: ${sent}; ${plural(flowSamples, "packet sample")}, ${plural(counterSamples, "counter sample")}`;
}

/** Makes a function that sends one datagram. Ignores errors, because watchdog messages repeat anyway. */
function makeNotify({ sockets, env }: Host): ((...lines: readonly string[]) => void) | undefined {
  const path = env["NOTIFY_SOCKET"];
  if (path === undefined || !path.startsWith("/")) return undefined;
  const fd = sockets.socket(AF_UNIX, SOCK_DGRAM, 0);
  const address = unixAddress(path);
  return (...lines) => {
    const bytes = new TextEncoder().encode(lines.join("\n"));
    sockets.send(fd, bytes, Uint32Array.of(0), Uint32Array.of(bytes.length), 0, 1, address);
  };
}

/** Returns the milliseconds between watchdog messages: half of systemd's timeout. Undefined if systemd expects none. */
function watchdogInterval({ env }: Host): number | undefined {
  const microseconds = Number(env["WATCHDOG_USEC"]);
  const isForUs = [undefined, String(process.pid)].includes(env["WATCHDOG_PID"]);
  return microseconds > 0 && isForUs ? microseconds / 2000 : undefined;
}

export function makeServiceManager(host: Host): ServiceManager {
  const notify = makeNotify(host);
  if (notify === undefined) return { ready: () => undefined, reloading: (work) => work(), stopping: () => undefined };
  return {
    ready(status) {
      const line = (): string => `STATUS=${statusLine(status())}`;
      notify("READY=1", line());
      const interval = watchdogInterval(host);
      if (interval !== undefined) host.clock.every(interval, () => notify("WATCHDOG=1", line()));
    },
    async reloading(work) {
      notify("RELOADING=1");
      try {
        return await work();
      } finally {
        notify("READY=1");
      }
    },
    stopping: () => notify("STOPPING=1", "STATUS=sending what is pending"),
  };
}
