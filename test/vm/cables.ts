// The cables of the virtual machine for the bond suite: hardware addresses of both ends.

export const CABLES = [
  ["52:54:00:00:01:0a", "52:54:00:00:01:0b"],
  ["52:54:00:00:02:0a", "52:54:00:00:02:0b"],
] as const;
