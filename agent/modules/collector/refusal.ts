// What it means when the kernel does not take a datagram, and the operator's next step. udp(7), errno(3).

/** No room in the buffer of the socket or of the interface: the next datagram may find some. */
const FULL: ReadonlySet<string> = new Set(["EAGAIN", "ENOBUFS", "ENOMEM"]);

const REMEDIES: ReadonlyMap<string, string> = new Map([
  ["EPERM", "a firewall rule on this host refuses it"],
  ["EACCES", "a policy on this host refuses it, or it is a broadcast address"],
  ["ENETUNREACH", "no route leads to it"],
  ["EHOSTUNREACH", "nobody answers on the way to it"],
  ["ENETDOWN", "the interface is down"],
  ["ENODEV", "the interface is gone"],
  ["EMSGSIZE", "the datagram is larger than the path allows; lower datagramBytes"],
  ["EINVAL", "the address does not fit the interface"],
]);

export const isFull = (error: string): boolean => FULL.has(error);

export function describeErrno(error: string): string {
  const remedy = REMEDIES.get(error);
  return remedy === undefined ? error : `${error}, ${remedy}`;
}
