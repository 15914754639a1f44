// The daemon as a process: configuration, pid file, signals, exit code. hsflowd(8).

import { resolve } from "node:path";
import { makeReplayEngine } from "../capture/replay.ts";
import type { RunOptions } from "../cli/flags.ts";
import { formatProblems } from "../config/error.ts";
import type { Handlers } from "../control/protocol.ts";
import { serveControl } from "../control/server.ts";
import type { Host } from "../host/host.ts";
import { hostUuid } from "../host/identity.ts";
import type { Logger } from "../log/logger.ts";
import { messageOf } from "../log/message-of.ts";
import { modules } from "../modules/index.ts";
import type { AgentStatus } from "../report/agent-status.ts";
import { type Configuration, readConfiguration } from "../run/configuration.ts";
import { makeReloader } from "../run/reload.ts";
import { run } from "../run/run.ts";
import { counterLines, processStatus } from "../run/status.ts";
import { keepLastWords } from "./crash-file.ts";
import { giveRunFolder, isDaemon, launch, makeRunFolder, openPidFile, reportReady, runningPid } from "./daemon.ts";
import { makeProcessLog, type ProcessLog } from "./log.ts";
import { keepSmall } from "./memory.ts";
import { Privileges } from "./privileges.ts";
import { makeServiceManager } from "./service-manager.ts";
import { openState } from "./state-file.ts";
import { untilEnd } from "./stop-signals.ts";

/** Longer than any process: a timer that only keeps the event loop alive, for all others let it end. */
const FOREVER_MS = 2 ** 30;

/** What a daemon takes from its group and from others in files that it makes. */
const OTHERS_WRITE = 0o022;

/** Undefined where the agent must not start: everything that is wrong has been printed. */
function configure(host: Host, file: string): Configuration | undefined {
  const text = host.files.read(file);
  if (text === undefined) {
    process.stderr.write(`${file}: error: no such file, or it may not be read\n`);
    return undefined;
  }
  const { configuration, problems } = readConfiguration(text, modules);
  if (problems.length > 0) process.stderr.write(formatProblems(file, text, problems));
  return configuration;
}

/**
 * SIGUSR1: what the agent has counted, `name=value` each, as hsflowd says it. Node would open a debugger to whoever
 * asks on the loopback, which is nothing for a process with capabilities. SIGUSR2: one level of detail more.
 */
function heedUserSignals({ log, levels }: ProcessLog): { tell(status: () => AgentStatus): void } {
  let status = (): AgentStatus | undefined => undefined;
  process.on("SIGUSR1", () => {
    for (const line of counterLines(status())) log.info(line);
  });
  process.on("SIGUSR2", () => log.info(`debug level ${levels.raise()}`));
  return {
    tell(known) {
      status = known;
    },
  };
}

function warnUnreadable({ files }: Host, file: string, log: Logger): void {
  if (files.read(file) !== undefined) return;
  const group = process.getgid?.();
  log.warn(`${file} may not be read any more, so no reload will work: chgrp ${group} ${file}; chmod g+r ${file}`);
}

/** Requests that come while the agent starts wait until it has. */
function lateHandlers(): { handlers: Handlers; answer(all: Required<Handlers>): void } {
  let answer = (_all: Required<Handlers>): void => undefined;
  const known = new Promise<Required<Handlers>>((resolve) => {
    answer = resolve;
  });
  const handlers = { status: async () => (await known).status(), reload: async () => (await known).reload() };
  return { handlers, answer };
}

/** What only root may open is open before the agent gives it up; from there on the order is of no matter. */
async function serve(host: Host, configuration: Configuration, options: RunOptions, said: ProcessLog): Promise<number> {
  const { log } = said;
  const uuid = hostUuid(host.files, options, log);
  const ended = untilEnd(host.clock, options.memoryBytes);
  const users = heedUserSignals(said);
  // Until there is something to reload, a hang-up must not end the process; the file may be another by then.
  let hungUp = false;
  let hangUp = (): void => {
    hungUp = true;
  };
  process.on("SIGHUP", () => {
    said.reopen();
    hangUp();
  });
  const { outputFile, replay, configFile } = options;
  const privileges = new Privileges(host, log, giveRunFolder);
  const giveUp = (): void => {
    if (options.keepPrivileges) return;
    privileges.giveUp(configuration);
    warnUnreadable(host, configFile, log);
  };
  makeRunFolder();
  const pidFile = isDaemon(process.env) ? openPidFile(options.pidFile) : undefined;
  host.files.hold(outputFile);
  const { handlers, answer } = lateHandlers();
  const control = await serveControl(options.controlSocket, handlers, log);
  const capture = replay === undefined ? undefined : makeReplayEngine(host, resolve(replay));
  // A replay is no part of what this host has to say.
  const state = capture === undefined ? openState(host, options.stateFile, log) : undefined;
  try {
    const terms = { uuid, outputFile, numbers: state?.numbers, capture, giveUp };
    const running = await run(host, configuration, terms, log);
    users.tell(running.status);
    const manager = makeServiceManager(host);
    const reloader = makeReloader({
      files: host.files,
      file: configFile,
      log,
      lacks: (next) => privileges.lacks(next),
      apply: running.reconfigure,
    });
    const reload = () => manager.reloading(reloader.reload);
    hangUp = () => void reload();
    if (hungUp) hangUp();
    answer({ status: processStatus(running, options), reload });
    const alive = setInterval(() => undefined, FOREVER_MS);
    const memory = keepSmall(host);
    pidFile?.write();
    if (isDaemon(process.env)) reportReady(process.env);
    manager.ready(running.status);
    const { why, exitCode } = await ended;
    if (exitCode === 1) log.error(`${why}: stopping`);
    else log.info(`${why}: stopping`);
    manager.stopping();
    control.stop();
    await running.stop();
    memory.cancel();
    clearInterval(alive);
    return exitCode;
  } finally {
    control.stop();
    state?.close();
    pidFile?.remove();
  }
}

/** Two agents of one host number the same sources: only who looks very closely, as with hsflowd, may start another. */
const mayBeSecond = ({ debug, replay }: RunOptions): boolean => debug > 2 || replay !== undefined;

/** hsflowd's exit code; a service manager hears by EX_CONFIG of sysexits.h(3) that trying again does not help. */
const wrongConfiguration = ({ env }: Host): number => (env["NOTIFY_SOCKET"] === undefined ? 1 : 78);

/** Exit code of the process. `argv` is what to start again as a daemon. */
export async function runProcess(host: Host, options: RunOptions, argv: readonly string[]): Promise<number> {
  const background = options.debug === 0;
  const pid = mayBeSecond(options) ? undefined : runningPid(options.pidFile);
  if (pid !== undefined) {
    process.stderr.write(`hsflowd: already running as process ${pid} (${options.pidFile})\n`);
    return 1;
  }
  if (background && !isDaemon(process.env)) return launch(argv);
  if (background) process.umask(process.umask() | OTHERS_WRITE);
  const configuration = configure(host, options.configFile);
  if (configuration === undefined) return wrongConfiguration(host);
  let said: ProcessLog;
  try {
    said = makeProcessLog(host, options, background);
    keepLastWords(options.crashFile, said.log);
  } catch (error) {
    process.stderr.write(`hsflowd: the log or the crash file cannot be opened: ${messageOf(error)}\n`);
    return 1;
  }
  try {
    return await serve(host, configuration, options, said);
  } catch (error) {
    said.log.error(messageOf(error));
    // A launcher still waits: syslog is not where its user looks.
    if (background) process.stderr.write(`hsflowd: ${messageOf(error)}\n`);
    return 1;
  }
}
