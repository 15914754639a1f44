// Runs the agent as a process: configuration, pid file, signals, exit code. See hsflowd(8).

import { resolve } from "node:path";
import type { CaptureEngine } from "../capture/engine.ts";
import { makeReplayEngine } from "../capture/replay.ts";
import type { RunOptions } from "../cli/flags.ts";
import { complain } from "../cli/output.ts";
import { formatProblems } from "../config/error.ts";
import type { Handlers } from "../control/protocol.ts";
import { type ControlServer, serveControl } from "../control/server.ts";
import type { Host } from "../host/host.ts";
import { hostUuid } from "../host/identity.ts";
import { whyUnreadable } from "../host/why-unreadable.ts";
import { WorkQueue } from "../host/work-queue.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { modules } from "../modules/index.ts";
import { type Confinement, confinementText } from "../report/confinement.ts";
import { type Configuration, readingConfiguration } from "../run/configuration.ts";
import { makeReloader } from "../run/reload.ts";
import { HostAgent } from "../run/run.ts";
import { processStatus } from "../run/status.ts";
import { linesText } from "../text/printable.ts";
import { closedPorts, confine } from "./confinement/confine.ts";
import { reportCrashes } from "./crash-file.ts";
import { chownRunFolder, isDaemon, launch, makeRunFolder, reportReady } from "./daemon.ts";
import { makeClaim } from "./identity-claim.ts";
import { makeProcessLog, type ProcessLog } from "./log.ts";
import { keepSmall } from "./memory.ts";
import { loadWhileReadable } from "./own-code.ts";
import { alreadyRunning, type PidFile, runningPid, takePidFile } from "./pid-file.ts";
import { findGroup, Privileges } from "./privileges.ts";
import { noteChain } from "./reach.ts";
import { RuntimeSignals } from "./runtime-signals.ts";
import { makeServiceManager } from "./service-manager.ts";
import { type State, takeState } from "./state-file.ts";
import { stayAlive } from "./stay-alive.ts";
import { type Ending, untilEnd } from "./stop-signals.ts";
import { warnUnreadable } from "./warn-unreadable.ts";

/** The umask of a daemon: group and others cannot write the files that it creates. */
const OTHERS_WRITE = 0o022;

/** Reads the configuration and prints its problems. Returns undefined if the agent must not start. */
async function configure(host: Host, file: string): Promise<Configuration | undefined> {
  const text = host.files.read(file);
  if (text === undefined) {
    complain(linesText([`${file}: error: ${whyUnreadable(host.files, file)}`]));
    return undefined;
  }
  const { configuration, problems } = await new WorkQueue(host.clock).finish(readingConfiguration(text, modules));
  if (problems.length > 0) complain(formatProblems(file, text, problems));
  return configuration;
}

/** The handlers of control requests, which keep requests waiting until `attach` is called. */
interface DeferredHandlers {
  readonly handlers: Handlers;
  /** Sets the handlers for the waiting requests and for all later ones. */
  attach(all: Required<Handlers>): void;
}

/** Makes handlers for requests that may arrive while the agent starts. These requests wait until the agent runs. */
function deferHandlers(): DeferredHandlers {
  let attach = (_all: Required<Handlers>): void => undefined;
  const known = new Promise<Required<Handlers>>((resolve) => {
    attach = resolve;
  });
  const handlers = { status: async () => (await known).status(), reload: async () => (await known).reload() };
  return { handlers, attach };
}

/**
 * Files and sockets of the process. Some can be opened only by root, so all are opened before privileges are dropped.
 */
interface Opened {
  readonly pidFile: PidFile | undefined;
  readonly control: ControlServer;
  readonly attachHandlers: DeferredHandlers["attach"];
  readonly capture: CaptureEngine | undefined;
  /** The state file; undefined for a replay, whose samples must not change the sequence numbers of this host. */
  readonly state: State | undefined;
}

async function openFiles(host: Host, options: RunOptions, log: Logger): Promise<Opened> {
  makeRunFolder();
  const capture = options.replay === undefined ? undefined : makeReplayEngine(host, resolve(options.replay), log);
  const second = mayBeSecond(options);
  const pidFile = isDaemon(process.env) ? await takePidFile(options.pidFile, second) : undefined;
  try {
    const state = capture === undefined ? await takeState(host, options.stateFile, second, log) : undefined;
    host.files.hold(options.outputFile);
    const { handlers, attach } = deferHandlers();
    const queue = new WorkQueue(host.clock);
    const control = await serveControl(options.controlSocket, handlers, log, queue, findGroup(host.files));
    return { pidFile, control, attachHandlers: attach, capture, state };
  } catch (error) {
    pidFile?.remove();
    throw error;
  }
}

/** Returns a function that closes everything. A second call does nothing: another agent may have taken the paths. */
function closeOnce({ control, state, pidFile }: Opened): () => void {
  let open = true;
  return () => {
    if (!open) return;
    open = false;
    control.stop();
    state?.close();
    pidFile?.remove();
  };
}

/** Longest time for the blocks to stop, in milliseconds. After that, the process ends whatever they wait for. */
const STOP_MS = 1500;
/**
 * Milliseconds for the event loop to run empty. What keeps it running then is a peer that does not answer: a name
 * server, a container engine, a client of the control socket.
 */
const DRAIN_MS = 100;

/** Keeps the memory of the process small until it must stop, then calls `stop`. Returns the exit code. */
async function untilStopped(
  host: Host,
  ended: Promise<Ending>,
  log: Logger,
  stop: () => Promise<void>,
  close: () => void,
): Promise<number> {
  const memory = keepSmall(host);
  const { reason, exitCode } = await ended;
  log[exitCode === 1 ? "error" : "info"](`${reason}: stopping`);
  const late = host.clock.after(STOP_MS, () => {
    log.warn("a block did not stop in time: ending without it");
    close();
    host.sockets.exit(exitCode);
  });
  await stop();
  late.cancel();
  host.clock.after(DRAIN_MS, () => host.sockets.exit(exitCode));
  memory.cancel();
  return exitCode;
}

/** Drops privileges, unless they are to be kept, and confines the process. Returns what it is confined to. */
function restrict(host: Host, options: RunOptions, configuration: Configuration, privileges: Privileges, log: Logger) {
  if (!options.keepPrivileges) {
    const chain = noteChain(options.configFile);
    privileges.drop(configuration);
    warnUnreadable(host, options.configFile, chain, log);
  }
  const confinement = confine(host, options, configuration, (capability) => privileges.holds(capability));
  log.info(confinementText(confinement));
  return confinement;
}

/** Runs the agent until it must stop. First opens everything that needs root, then drops privileges. */
async function serve(host: Host, configuration: Configuration, options: RunOptions, out: ProcessLog): Promise<number> {
  const { log } = out;
  const { outputFile, configFile: file } = options;
  const uuid = hostUuid(host.files, options, log);
  const ended = untilEnd(host, options.memoryBytes);
  const signals = new RuntimeSignals(out);
  const privileges = new Privileges(host, log, chownRunFolder);
  let confinement: Confinement | undefined;
  const dropPrivileges = (): void => {
    confinement = restrict(host, options, configuration, privileges, log);
  };
  if (!options.keepPrivileges) await loadWhileReadable(host, log);
  const opened = await openFiles(host, options, log);
  const { control, attachHandlers, capture, state } = opened;
  const close = closeOnce(opened);
  try {
    host.faults.follow(({ message, remedy }) => log.warn(`${message}: ${remedy}`));
    const claim = mayBeSecond(options) ? undefined : makeClaim(host, log);
    const terms = { uuid, outputFile, numbers: state?.numbers, capture, claim, dropPrivileges };
    const agent = new HostAgent(host, configuration, terms, log);
    const manager = makeServiceManager(host);
    const start = async (): Promise<void> => {
      await agent.start();
      const status = () => agent.status();
      const reloader = makeReloader({
        ...{ files: host.files, queue: new WorkQueue(host.clock), file, log },
        lacks: (next) => [...privileges.lacks(next), ...closedPorts(confinement ?? {}, next)],
        apply: (next) => agent.reconfigure(next),
      });
      const reload = () => manager.reloading(reloader.reload);
      signals.attach({ status, reload: () => void reload() });
      attachHandlers({ status: processStatus(() => agent.wholeStatus(), options, confinement), reload });
      if (isDaemon(process.env)) reportReady(process.env);
      manager.ready(status);
    };
    // A name server that does not answer delays the start, but not the end.
    await Promise.race([start(), ended]);
    const stop = (): Promise<void> => {
      manager.stopping();
      control.stop();
      return agent.stop();
    };
    return await untilStopped(host, ended, log, stop, close);
  } finally {
    close();
    out.flush();
  }
}

/**
 * Tells whether this agent may run beside another one. Two agents would send different sequence numbers for the same
 * data sources, so this is allowed only on request, for replays, and for debugging with -ddd, as in hsflowd.
 */
const mayBeSecond = ({ allowSecond, debug, replay }: RunOptions): boolean =>
  allowSecond === true || debug > 2 || replay !== undefined;

/** Returns hsflowd's exit code, or EX_CONFIG of sysexits.h(3) under systemd, which then does not restart the agent. */
const wrongConfiguration = ({ env }: Host): number => (env["NOTIFY_SOCKET"] === undefined ? 1 : 78);

/** Runs the agent and returns the exit code of the process. `argv` is for starting the program again as a daemon. */
export async function runProcess(host: Host, options: RunOptions, argv: readonly string[]): Promise<number> {
  const background = options.debug === 0;
  const pid = mayBeSecond(options) ? undefined : runningPid(options.pidFile);
  if (pid !== undefined) {
    complain(linesText([`hsflowd: ${alreadyRunning(pid, options.pidFile)}`]));
    return 1;
  }
  if (background && !isDaemon(process.env)) return launch(argv);
  if (background) process.umask(process.umask() | OTHERS_WRITE);
  const configuration = await stayAlive(() => configure(host, options.configFile));
  if (configuration === undefined) return wrongConfiguration(host);
  let out: ProcessLog;
  try {
    out = makeProcessLog(host, options, background);
    reportCrashes(options.crashFile, out.log);
  } catch (error) {
    complain(linesText([`hsflowd: cannot open the log or the crash file: ${messageOf(error)}`]));
    return 1;
  }
  try {
    return await stayAlive(() => serve(host, configuration, options, out));
  } catch (error) {
    out.log.error(messageOf(error));
    // Also prints the error for the launcher, whose user does not look at syslog.
    if (background) complain(linesText([`hsflowd: ${messageOf(error)}`]));
    return 1;
  }
}
