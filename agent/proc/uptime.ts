// Parses the seconds since boot. /proc/uptime, proc_uptime(5).

/** Returns seconds with hundredths, or undefined if the text has another format. */
export function parseUptime(text: string): number | undefined {
  const seconds = Number.parseFloat(text);
  return Number.isFinite(seconds) ? seconds : undefined;
}
