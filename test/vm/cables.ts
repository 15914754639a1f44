// The cables of the machine in which the suite runs: hardware addresses of either end.

export const CABLES = [
  ["52:54:00:00:01:0a", "52:54:00:00:01:0b"],
  ["52:54:00:00:02:0a", "52:54:00:00:02:0b"],
] as const;
