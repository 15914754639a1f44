// Seconds since boot. /proc/uptime, proc_uptime(5).

/** With hundredths; undefined where the file has another shape. */
export function parseUptime(text: string): number | undefined {
  const seconds = Number.parseFloat(text);
  return Number.isFinite(seconds) ? seconds : undefined;
}
