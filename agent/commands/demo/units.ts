// Formats numbers with three significant digits and a unit.

const PREFIXES = ["", "k", "M", "G", "T", "P"] as const;

/** Returns 1_234_567 as "1.23 M" and 12 as "12 ". Append the unit without a blank. */
export function scaled(value: number): string {
  let rest = value;
  let step = 0;
  while (rest >= 999.5 && step < PREFIXES.length - 1) {
    rest /= 1000;
    step++;
  }
  const digits = step === 0 ? 0 : rest < 9.995 ? 2 : rest < 99.95 ? 1 : 0;
  return `${rest.toFixed(digits)} ${PREFIXES[step]}`;
}

export const bytes = (value: number | bigint): string => `${scaled(Number(value))}B`;

export const bitsPerSecond = (value: number): string => `${scaled(value)}bit/s`;

export const packetsPerSecond = (value: number): string => `${scaled(value)}pkt/s`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Returns the local time of day as hh:mm:ss. */
export function timeOfDay(milliseconds: number): string {
  const date = new Date(milliseconds);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => `${part}`.padStart(2, "0")).join(":");
}
