// Generates hsflowd(8) and hsflowd.conf(5) from flags, commands, option tables and the READMEs of the modules.

import { argumentText, type CommandFlag, commandList } from "../cli/command-list.ts";
import { flags } from "../cli/flags.ts";
import type { Option } from "../config/option.ts";
import { modules } from "../modules/index.ts";
import { needRows } from "../run/capabilities.ts";
import { sflowOptions } from "../settings/sflow-block.ts";
import { agentExamples, configurationExamples, type Example } from "./manual/examples.ts";
import { code, entry, fromMarkdown, inline, page, section } from "./manual/roff.ts";

/**
 * Returns the head of a page. Turns hyphenation and justification off, so that commands can be copied from the page.
 */
const title = (name: string, chapter: number, { version, date }: Edition): string =>
  `.nr HY 0\n.TH ${name.toUpperCase()} ${chapter} "${date}" "hsflowd ${version}"\n.ad l`;

export interface Edition {
  readonly version: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

const withDefault = (help: string, value: string | undefined): string =>
  value === undefined ? help : `${help}; default ${value}`;

function argumentOf(argument: string | readonly string[] | undefined): string {
  if (argument === undefined) return "";
  return `=${argumentText(argument)}`;
}

function flagEntry({ letter, name, argument, help, default: value }: CommandFlag): string[] {
  const short = letter === undefined ? "" : `-${letter}${argument === undefined ? "" : ` ${argumentText(argument)}`}, `;
  return entry(`${short}--${name}${argumentOf(argument)}`, withDefault(help, value));
}

const otherFlags = (names: readonly string[]): string =>
  names.length === 0 ? "" : `; also takes ${names.map((name) => `--${name}`).join(" and ")}`;

const commandEntries = (): string[] =>
  commandList.flatMap(({ usage, help, flags: own, alsoTakes }) => [
    ...entry(`hsflowd ${usage}`, `${help}${otherFlags(alsoTakes)}`),
    ...own.flatMap((flag) => [".RS", ...flagEntry(flag), ".RE"]),
  ]);

const example = ({ purpose, lines }: Example): string[] => [".PP", `${inline(purpose)}:`, ...code(lines)];

/** Returns hsflowd(8). */
export const agentManual = (edition: Edition): string =>
  page([
    title("hsflowd", 8, edition),
    section("Name"),
    "hsflowd \\- send counters and sampled packets of this host as sFlow",
    section("Synopsis"),
    "\\fBhsflowd\\fR [\\fIflags\\fR]",
    ".br",
    "\\fBhsflowd\\fR \\fIcommand\\fR [\\fIflags\\fR]",
    section("Description"),
    "Without a command, runs the agent: reads hsflowd.conf(5), goes to the background, lets the kernel sample packets,",
    "reads counters, and sends both to the collectors. With a command, prints the answer and exits.",
    section("Flags"),
    ...flags.flatMap(flagEntry),
    section("Commands"),
    ...commandEntries(),
    section("Signals"),
    ...entry(
      "SIGHUP",
      "read the configuration again, and reopen the log file; a configuration with errors changes nothing",
    ),
    ...entry("SIGTERM, SIGINT", "send what is pending and exit; a second signal ends the process at once, with code 1"),
    ...entry("SIGUSR1", "write all counters to the log"),
    ...entry("SIGUSR2", "raise the debug level by one, except for modules that the file of -F names"),
    section("Log"),
    "In the foreground, errors and warnings go to stderr and other messages to stdout, or all of them to the file of -D",
    "until it has the size of -L. If stderr is the journal, each line has its priority. A daemon logs to syslog(3) as",
    "hsflowd, facility user. A repeated message is logged at once, then at most once a minute with its count.",
    ".PP",
    "-dd adds messages of level 1, -ddd of level 2, and so on. A line MODULE=LEVEL in the file of -F sets the level of one",
    "block, by its keyword or by hsflowd's name (docker, mod_docker); _root=LEVEL sets it for everything else.",
    section("Privileges"),
    "Started as root, the agent becomes user hsflowd, or nobody if that does not exist, and keeps only the capabilities",
    "that its blocks need, listed below. Started as another user, it keeps those of them that it has. Dropped capabilities",
    "cannot be restored, so a new block may need a restart instead of a reload. A reload also needs read permission for",
    "the configuration file. With -P nothing is dropped.",
    ".PP",
    "Members of the group hsflowd may run status, explain and doctor without root, and reload, which applies what root has",
    "written in the file. For other users, these commands say what they cannot tell.",
    ".PP",
    ...rowEntries(needRows().map(([block, capability, purpose]) => [`${block} ${capability}`, purpose])),
    section("Exit status"),
    ...entry("0", "success, also after SIGTERM; for the launcher of a daemon: the agent runs"),
    ...entry("1", "an error, as follows"),
    ...[".RS", ".IP \\(bu 2", "the command line or the configuration is invalid", ".IP \\(bu 2"],
    ...["another agent is already running, or, for a command, none is running", ".IP \\(bu 2"],
    ...["resident memory exceeds the limit of -M, or the agent has crashed", ".IP \\(bu 2"],
    ...["doctor has found a fault, or cannot tell without more rights", ".IP \\(bu 2"],
    ...["after a reload, blocks lack privileges that the agent has dropped", ".RE"],
    ...entry("2", "stopped by SIGINT"),
    ...entry("78", "under systemd, an invalid configuration; systemd then does not restart the service"),
    section("Files"),
    ...entry("/etc/hsflowd.conf", "configuration"),
    ...entry(
      "/etc/hsflowd.auto",
      "settings in force, for other programs: lines key=value between rev_start and rev_end; if these two numbers differ, " +
        "the file is being written",
    ),
    ...entry("/var/run/hsflowd.pid", "process id of the daemon; keeps a second one from starting"),
    ...entry("/run/hsflowd/json.fifo", "named pipe of json { }, which tmpfiles.d of the package makes"),
    ...entry("/run/hsflowd/hsflowd.sock", "socket on which commands ask the running agent, for root and group hsflowd"),
    ...entry(
      "/run/hsflowd/state",
      "sequence numbers, continued by an agent that starts within ten minutes and in the same boot",
    ),
    section("Examples"),
    ...agentExamples.flatMap(example),
    section("See also"),
    "hsflowd.conf(5)",
  ]);

const isCurrent = ({ ignored, moved }: Option<unknown>): boolean => ignored === undefined && moved === undefined;

/** Explains a key of older files that is still accepted. */
function legacyHelp({ ignored, moved }: Option<unknown>): string {
  if (ignored !== undefined) return `accepted, but ignored: ${ignored}`;
  return moved === undefined ? "" : `older form of ${moved.key ?? "the block"} in ${moved.block} { }`;
}

function optionEntry(key: string, option: Option<unknown>): string[] {
  const { type, help, default: value, shown, required, repeat, shownKey } = option;
  const rest = required ? ", required" : value === undefined || repeat || shown === "" ? "" : `, default ${shown}`;
  const text = isCurrent(option) ? help : legacyHelp(option);
  return entry(`${shownKey ?? key} = ${type}${isCurrent(option) ? rest : ""}`, text);
}

const optionEntries = (options: Readonly<Record<string, Option<unknown>>>): string[] =>
  Object.entries(options).flatMap(([key, option]) => optionEntry(key, option));

const rowEntries = (rows: readonly string[][]): string[] =>
  rows.flatMap(([term = "", ...rest]) => entry(term.replaceAll("`", ""), rest.join("; ")));

/** Returns the section of a block: its README without the title, with the option table in place of the first table. */
function blockLines(module: (typeof modules)[number], readme: string | undefined): string[] {
  const { keyword, help, options, load } = module;
  const head = section(`${keyword} { }`);
  if (readme === undefined) {
    const state = load === undefined ? ["Not implemented yet: accepted, but ignored."] : [];
    return [head, `${inline(help)}.`, ...state, ...optionEntries(options)];
  }
  const [, ...body] = readme.split("\n");
  const first = [optionEntries(options)];
  return [head, ...fromMarkdown(body.join("\n"), (rows) => first.shift() ?? rowEntries(rows))];
}

const listBlocks = (works: boolean): string =>
  modules
    .flatMap(({ keyword, load }) => (keyword === null || (load !== undefined) !== works ? [] : [`${keyword} { }`]))
    .join(", ");

/** Returns hsflowd.conf(5). `readmes` maps keywords of blocks to the READMEs of their modules. */
export const configurationManual = (edition: Edition, readmes: ReadonlyMap<string, string>): string =>
  page([
    title("hsflowd.conf", 5, edition),
    section("Name"),
    "hsflowd.conf \\- configuration of hsflowd(8): what this host reports, and where it sends it",
    section("Description"),
    "The file has one block, sflow { }, with the settings of the agent and further blocks, each of which enables one",
    "feature. Blanks, = and ; are separators; # starts a comment; double quotes enclose a value with any of these. Keys",
    "are case-insensitive. hsflowd check validates a file; hsflowd check \\-\\-dump prints all settings that it results in.",
    ".PP",
    ...code(["sflow {", "  collector { ip = 192.0.2.1 }", "  pcap { dev = eth0 }", "}"]),
    section("Settings of the agent"),
    ...optionEntries(sflowOptions),
    section("Blocks"),
    `Each block is described below: ${listBlocks(true)}.`,
    ".PP",
    `Accepted, but without effect in this version: ${listBlocks(false)}.`,
    ...modules.flatMap((module) => (module.keyword === null ? [] : blockLines(module, readmes.get(module.keyword)))),
    section("Examples"),
    ...configurationExamples.flatMap(example),
    section("See also"),
    "hsflowd(8)",
  ]);
