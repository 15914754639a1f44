// Entry of the process: reads the command line, runs the command, sets the exit code.

import { resolve } from "node:path";
import { text as streamText } from "node:stream/consumers";
import packageJson from "../package.json" with { type: "json" };
import { complain, hasColour, outputWidth, print, terminalWidth } from "./cli/output.ts";
import { type Format, type Invocation, parseArguments, type Where } from "./cli/parse-arguments.ts";
import type { CommandAnswer } from "./commands/answer.ts";
import { makeLinuxFiles } from "./host/linux-files.ts";
import { whyUnreadable } from "./host/why-unreadable.ts";
import { guardDebugger } from "./process/debugger-guard.ts";
import { linesText, NO_TEXT } from "./text/printable.ts";
import { fitLines } from "./text/wrap.ts";

type Usage = Extract<Invocation, { command: "usage" }>;

async function printUsage({ lines, about, problem, exitCode }: Usage): Promise<number> {
  if (problem === undefined) {
    print(linesText(lines));
    if (about === undefined) print((await import("./commands/block-table.ts")).blocksHelp(outputWidth()));
  } else complain(linesText([`hsflowd: ${problem}`]));
  return exitCode;
}

/** `width` is that of text for people. JSON is not broken, so that it can be copied. */
function printAnswer({ text, problem = NO_TEXT, exitCode }: CommandAnswer, width = Number.POSITIVE_INFINITY): number {
  print(fitLines(text, width));
  complain(problem);
  return exitCode;
}

const widthOf = (format: Format): number => (format === "json" ? Number.POSITIVE_INFINITY : terminalWidth());

const absolute = (where: Where): Where => ({
  ...where,
  configFile: where.configFile === undefined ? undefined : resolve(where.configFile),
});

/**
 * Runs the command and returns its exit code. Loads only its code: a daemon does not need yargs, nor a check sockets.
 */
async function perform(invocation: Invocation, argv: readonly string[]): Promise<number> {
  switch (invocation.command) {
    case "usage":
      return printUsage(invocation);
    case "version":
      print(linesText([`hsflowd version ${packageJson.version}`]));
      return 0;
    case "check": {
      const { check } = await import("./commands/check.ts");
      const { dump } = await import("./commands/dump.ts");
      const { file, format } = invocation;
      const [files, path] = [makeLinuxFiles("/"), resolve(file)];
      const text = file === "-" ? await streamText(process.stdin) : files.read(path);
      const unreadable = text === undefined ? whyUnreadable(files, path) : undefined;
      return printAnswer((invocation.dump ? dump : check)(file, text, format, unreadable, terminalWidth()));
    }
    case "decode": {
      const { decodeCommand, processIo } = await import("./commands/decode.ts");
      return decodeCommand(invocation, processIo(makeLinuxFiles("/")));
    }
    case "status": {
      const { status } = await import("./commands/status.ts");
      const { controlSocket, format, all } = invocation;
      return printAnswer(await status(controlSocket, format, { all, width: terminalWidth() }));
    }
    case "reload": {
      const { reload } = await import("./commands/reload.ts");
      return printAnswer(await reload(invocation.controlSocket));
    }
    case "explain": {
      const { explain } = await import("./commands/explain.ts");
      const { makeLinuxHost } = await import("./host/linux.ts");
      const { subject, where, format } = invocation;
      return printAnswer(await explain(makeLinuxHost(), subject, absolute(where), format), widthOf(format));
    }
    case "doctor": {
      const { doctor } = await import("./commands/doctor.ts");
      const { makeLinuxHost } = await import("./host/linux.ts");
      const { where, format } = invocation;
      return printAnswer(await doctor(makeLinuxHost(), absolute(where), format), widthOf(format));
    }
    case "demo": {
      const { demo } = await import("./commands/demo.ts");
      const { processIo } = await import("./commands/decode.ts");
      const { makeLinuxHost } = await import("./host/linux.ts");
      return demo(invocation, makeLinuxHost(), {
        ...processIo(makeLinuxFiles("/")),
        out: print,
        colour: hasColour(),
        width: outputWidth(),
      });
    }
    case "run": {
      const { runProcess } = await import("./process/serve.ts");
      const { makeLinuxHost } = await import("./host/linux.ts");
      const options = { ...invocation.options, configFile: resolve(invocation.options.configFile) };
      return runProcess(makeLinuxHost(), options, [process.argv[1] ?? "", ...argv]);
    }
  }
}

guardDebugger();
const argv = process.argv.slice(2);
process.exitCode = await perform(await parseArguments(argv, outputWidth()), argv);
