// The name of an interface speed in `sampling.10G`, as in hsflowd: truncated, not rounded, so 2.5 Gb/s is 2G.

/** Returns the name of a speed in bit/s. */
export function speedName(speed: number): string {
  if (speed >= 1e12) return `${Math.floor(speed / 1e12)}T`;
  if (speed >= 1e9) return `${Math.floor(speed / 1e9)}G`;
  if (speed >= 1e6) return `${Math.floor(speed / 1e6)}M`;
  if (speed >= 1e3) return `${Math.floor(speed / 1e3)}K`;
  return String(speed);
}

const UNITS: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** Returns the correct name if `name` looks like a speed, or undefined if it is correct or not a speed. */
export function speedSpelling(name: string): string | undefined {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)([kmgt])(?:b\/?s|bps|bit)?$/i.exec(name) ?? [];
  if (unit === "") return undefined;
  const correct = speedName(Number(digits) * (UNITS[unit.toUpperCase()] ?? 1));
  return correct === name ? undefined : correct;
}
