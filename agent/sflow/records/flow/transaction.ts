// Transactions of servers: their cost, and what was asked of a file server, a disk or a web server. See the sFlow.org
// structure number registry, "extended_transaction" and its attributes.

import { string, uint32, uint64 } from "../../../xdr/type.ts";
import { flowType } from "../../record.ts";

export const transaction = flowType("transaction", 2000, {
  /** The sender: 1 is the client, 2 the server. */
  direction: uint32,
  /** Times in microseconds. */
  wait: uint32,
  duration: uint32,
  /** The outcome: 0 is success, 1 another failure, 2 out of memory, 3 timeout, 4 not permitted. */
  status: uint32,
  bytes_received: uint64,
  bytes_sent: uint64,
});

export const nfsTransaction = flowType("nfs_transaction", 2001, {
  path: string(),
  operation: uint32,
  status: uint32,
});

export const scsiTransaction = flowType("scsi_transaction", 2002, {
  lun: uint32,
  operation: uint32,
  status: uint32,
});

export const httpTransaction = flowType("http_transaction", 2003, {
  url: string(),
  host: string(),
  referer: string(),
  useragent: string(),
  user: string(),
  status: uint32,
});
