// Keeps SIGUSR1 from opening Node's debugger on the loopback, where every user of this host could connect to it and run
// code with the agent's privileges. See nodejs.org, "Debugging Node.js", and node(1), --disable-sigusr1.

/** Milliseconds in which a debugger that a signal has requested before `guardDebugger` may still open. */
const WATCHED_MS = 2000;
const CHECK_MS = 50;

/** Makes the debugger open at an address that no host has (RFC 5737), for versions of Node that cannot disable it. */
const NOWHERE = "--inspect-port=192.0.2.1:0";
const DISABLED = "--disable-sigusr1";

/** Closes the debugger, if it is open: inspector.close(), without the 3 MB of its module. */
const closeDebugger: () => void = "_debugEnd" in process ? (process._debugEnd as () => void) : () => undefined;

/**
 * Ignores SIGUSR1, until the agent handles it, and closes a debugger that an earlier signal has opened. A debugger that
 * was requested on the command line stays open. Call this first.
 */
export function guardDebugger(): void {
  process.on("SIGUSR1", () => undefined);
  const options = [...process.execArgv, process.env["NODE_OPTIONS"]].join(" ");
  if (/--inspect(-brk|-wait)?(=|\s|$)/.test(options)) return;
  closeDebugger();
  const timer = setInterval(closeDebugger, CHECK_MS).unref();
  setTimeout(() => clearInterval(timer), WATCHED_MS).unref();
}

/** Returns the options with which Node runs this program again, such that SIGUSR1 never opens the debugger. */
export function guardedOptions(): readonly string[] {
  const guard = process.allowedNodeEnvironmentFlags.has(DISABLED) ? DISABLED : NOWHERE;
  return process.execArgv.includes(guard) ? process.execArgv : [...process.execArgv, guard];
}
