// Runs commands in a virtual machine from outside, one at a time, over its second serial port.

import { connect, type Socket } from "node:net";
import { until } from "../e2e/command.ts";

/** For process 1, before systemd takes its place: makes systemd run commands from the port. systemd.service(5) */
export const takeCommands = `
cat >/etc/systemd/system/take-commands.service <<'UNIT'
[Unit]
After=multi-user.target
[Service]
ExecStartPre=/bin/stty -F /dev/ttyS1 raw -echo
ExecStart=/bin/sh -c 'echo ready; while read -r line; do eval "$line" 2>&1; echo "END $?"; done'
StandardInput=file:/dev/ttyS1
StandardOutput=file:/dev/ttyS1
UNIT
mkdir -p /etc/systemd/system/default.target.wants
ln -s ../take-commands.service /etc/systemd/system/default.target.wants
`;

export interface Shell {
  /** Runs a command of one line and returns its output; throws if it fails. */
  run(command: string, seconds?: number): Promise<string>;
  /** Runs a command and returns its output and exit code. */
  tryRun(command: string, seconds?: number): Promise<{ output: string; status: number }>;
  /** Runs a command again and again until it succeeds. */
  until(command: string, seconds?: number): Promise<string>;
  close(): void;
}

/** Connects to the port's unix socket; resolves when the machine takes commands. */
export async function openShell(path: string, console: () => string): Promise<Shell> {
  const port = await open(path);
  let said = "";
  port.setEncoding("utf8").on("data", (text: string) => {
    said += text.replaceAll("\r", "");
  });
  port.on("error", () => undefined);
  const take = async (what: string, end: RegExp, seconds: number) => {
    const evidence = () => `${said.slice(-2000)}\n${console().slice(-4000)}`;
    const match = await until(
      what,
      () => end.exec(said) ?? (port.closed ? Promise.reject(new Error(`the machine ended: ${evidence()}`)) : undefined),
      { seconds, evidence },
    );
    const before = said.slice(0, match.index);
    said = said.slice(match.index + match[0].length);
    return { output: before, status: Number(match[1]) };
  };
  await take("a machine that takes commands", /ready\n/, 120);
  const tryRun = (command: string, seconds = 180) => {
    port.write(`${command}\n`);
    return take(command, /^END (\d+)\n/m, seconds);
  };
  const run = async (command: string, seconds?: number) => {
    const { output, status } = await tryRun(command, seconds);
    if (status !== 0) throw new Error(`${command}: exit code ${status}\n${output}`);
    return output;
  };
  return {
    tryRun,
    run,
    async until(command, seconds = 180) {
      const end = performance.now() + seconds * 1000;
      for (;;) {
        const { output, status } = await tryRun(command);
        if (status === 0) return output;
        if (performance.now() > end) throw new Error(`${command}: not within ${seconds} s\n${output}`);
      }
    },
    close: () => port.destroy(),
  };
}

const open = (path: string): Promise<Socket> =>
  until(
    `${path}`,
    () =>
      new Promise<Socket | undefined>((resolve) => {
        const socket = connect(path);
        socket.once("connect", () => resolve(socket)).once("error", () => resolve(undefined));
      }),
  );
