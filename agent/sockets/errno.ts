// Error numbers of system calls that the agent handles. They are negative, as the shim returns them. See errno(3).

export const Errno = {
  noEntry: -2,
  again: -11,
  noDevice: -19,
  protocol: -71,
  messageSize: -90,
  networkDown: -100,
  noBuffers: -105,
} as const;
