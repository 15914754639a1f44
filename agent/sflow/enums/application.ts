// Outcomes of an operation, and HTTP methods. See sFlow Application Structures, "status"; sFlow HTTP Structures,
// "http_method".

/** The outcomes, in the order of the counters of app_operations. */
export const operationStatus: Readonly<Record<number, string>> = {
  0: "SUCCESS",
  1: "OTHER",
  2: "TIMEOUT",
  3: "INTERNAL_ERROR",
  4: "BAD_REQUEST",
  5: "FORBIDDEN",
  6: "TOO_LARGE",
  7: "NOT_IMPLEMENTED",
  8: "NOT_FOUND",
  9: "UNAVAILABLE",
  10: "UNAUTHORIZED",
};

export const httpMethod: Readonly<Record<number, string>> = {
  0: "OTHER",
  1: "OPTIONS",
  2: "GET",
  3: "HEAD",
  4: "POST",
  5: "PUT",
  6: "DELETE",
  7: "TRACE",
  8: "CONNECT",
};
