// Errors of the kernel on sending a datagram, and what each means to the operator. See udp(7) and errno(3).

/** The buffer of the socket or of the interface is full: the next datagram may find room. */
const FULL: ReadonlySet<string> = new Set(["EAGAIN", "ENOBUFS", "ENOMEM"]);

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ["EPERM", "a firewall rule on this host blocks it"],
  ["EACCES", "a security policy on this host blocks it, or it is a broadcast address"],
  ["ENETUNREACH", "no route leads to it"],
  ["EHOSTUNREACH", "the next hop does not answer"],
  ["ENETDOWN", "the interface is down"],
  ["ENODEV", "the interface was removed"],
  ["EMSGSIZE", "the datagram is larger than the path allows; lower datagramBytes"],
  ["EINVAL", "the address is not valid on this interface"],
]);

export const isFull = (error: string): boolean => FULL.has(error);

/** Returns the name of the errno with its meaning; what follows a semicolon is the remedy. */
export function describeErrno(error: string): string {
  const meaning = MEANINGS.get(error);
  return meaning === undefined ? error : `${error}, ${meaning}`;
}
