// hsflowd(8) and hsflowd.conf(5), assembled from flags, commands, option tables and the READMEs of the modules.

import { commandList } from "../cli/command-list.ts";
import { flags } from "../cli/flags.ts";
import type { Option } from "../config/option.ts";
import { modules } from "../modules/index.ts";
import { needRows } from "../run/capabilities.ts";
import { sflowOptions } from "../settings/sflow-block.ts";
import { entry, escapeText, fromMarkdown, inline, section } from "./manual/roff.ts";

/** Words are neither hyphenated nor lines stretched: many are long and to be typed. */
const title = (name: string, chapter: number, version: string): string =>
  `.nr HY 0\n.TH ${name.toUpperCase()} ${chapter} "" "hsflowd ${version}"\n.ad l`;

const finish = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

const withDefault = (help: string, value: string | undefined): string =>
  value === undefined ? help : `${help}; default ${value}`;

function argumentOf(argument: string | readonly string[] | undefined): string {
  if (argument === undefined) return "";
  return `=${typeof argument === "string" ? argument : argument.join("|")}`;
}

const flagEntries = (): string[] =>
  flags.flatMap(({ letter, name, argument, help, default: value }) => {
    const short = letter === undefined ? "" : `-${letter}${argument === undefined ? "" : ` ${argument}`}, `;
    return entry(`${short}--${name}${argumentOf(argument)}`, withDefault(help, value));
  });

const otherFlags = (names: readonly string[]): string =>
  names.length === 0 ? "" : `; also takes ${names.map((name) => `--${name}`).join(" and ")}`;

const commandEntries = (): string[] =>
  commandList.flatMap(({ usage, help, flags: own, alsoTakes }) => [
    ...entry(`hsflowd ${usage}`, `${help}${otherFlags(alsoTakes)}`),
    ...own.flatMap(({ name, argument, help: text, default: value }) => [
      ".RS",
      ...entry(`--${name}${argumentOf(argument)}`, withDefault(text, value)),
      ".RE",
    ]),
  ]);

/** hsflowd(8). */
export const agentManual = (version: string): string =>
  finish([
    title("hsflowd", 8, version),
    section("Name"),
    "hsflowd \\- send counters and sampled packets of this host as sFlow",
    section("Synopsis"),
    "\\fBhsflowd\\fR [\\fIflags\\fR]",
    ".br",
    "\\fBhsflowd\\fR \\fIcommand\\fR [\\fIflags\\fR]",
    section("Description"),
    "Without a command it is the agent: it reads hsflowd.conf(5), goes to the background, has the kernel sample packets, reads",
    "counters, and sends both to the collectors. With a command it answers a question and ends.",
    section("Flags"),
    ...flagEntries(),
    section("Commands"),
    ...commandEntries(),
    section("Signals"),
    ...entry(
      "SIGHUP",
      "read the configuration again, and open the log file anew; a configuration with errors changes nothing",
    ),
    ...entry("SIGTERM, SIGINT", "send what is pending, and end; a second one ends at once, with code 1"),
    ...entry("SIGUSR1", "write what was counted to the log"),
    ...entry("SIGUSR2", "log one level of detail more, except for what the file of -F names"),
    section("Log"),
    "In the foreground what is wrong goes to stderr and the rest to stdout, or all of it to the file of -D, until that has the",
    "size of -L. Where stderr is the journal, each line has its priority. A daemon logs to syslog(3) as hsflowd, facility",
    "user. What repeats is logged at once, then at most once a minute, with how often it was left out.",
    ".PP",
    "-dd adds what has level 1, -ddd level 2, and so on. Lines MODULE=LEVEL in the file of -F set it for one block, by its",
    "keyword or by hsflowd's name for it (docker, mod_docker), and _root=LEVEL for all that is no block.",
    section("Privileges"),
    "Started as root it becomes the user hsflowd, or nobody where there is none, and keeps the capabilities that the blocks",
    "of the file name, below; none can be had back, so a reload that adds a block may ask for a restart. Started as another",
    "user it keeps what it has of them. Neither is done with -P. After that the file must still be readable for a reload.",
    ".PP",
    ...rowEntries(needRows().map(([block, capability, purpose]) => [`${block} ${capability}`, purpose])),
    section("Exit status"),
    "0 where all went well, after SIGTERM too; 2 after SIGINT; 1 for an error of usage or configuration, where an agent runs",
    "already, for more memory than -M allows, for a bug, for a broken link that doctor found, where there is no agent to ask,",
    "and where a reload has left blocks without what the agent has given up. An error of configuration is 78 for systemd,",
    "which lets a service be that ends with it. A daemon's launcher has 0 once the agent runs,",
    "and the agent's own code where it ended before.",
    section("Files"),
    ...entry("/etc/hsflowd.conf", "configuration"),
    ...entry(
      "/etc/hsflowd.auto",
      "settings in force, for other programs: lines key=value between rev_start and rev_end; where these two are not the " +
        "same number, the file is being written",
    ),
    ...entry("/var/run/hsflowd.pid", "process id of a daemon, which keeps another one from starting"),
    ...entry("/run/hsflowd/hsflowd.sock", "where commands ask the running agent; root only"),
    ...entry("/run/hsflowd/state", "numbers to go on with after a restart: for ten minutes, in the same boot"),
    section("See also"),
    "hsflowd.conf(5)",
  ]);

const isCurrent = ({ ignored, moved }: Option<unknown>): boolean => ignored === undefined && moved === undefined;

/** Why a key of another time is still read. */
function aside({ ignored, moved }: Option<unknown>): string {
  if (ignored !== undefined) return `accepted without effect: ${ignored}`;
  return moved === undefined ? "" : `older form of ${moved.key ?? "the block"} in ${moved.block} { }`;
}

function optionEntry(key: string, option: Option<unknown>): string[] {
  const { type, help, default: value, shown, required, repeat, shownKey } = option;
  const rest = required ? ", required" : value === undefined || repeat || shown === "" ? "" : `, default ${shown}`;
  const text = isCurrent(option) ? help : aside(option);
  return entry(`${shownKey ?? key} = ${type}${isCurrent(option) ? rest : ""}`, text);
}

const optionEntries = (options: Readonly<Record<string, Option<unknown>>>): string[] =>
  Object.entries(options).flatMap(([key, option]) => optionEntry(key, option));

const rowEntries = (rows: readonly string[][]): string[] =>
  rows.flatMap(([term = "", ...rest]) => entry(term.replaceAll("`", ""), rest.join("; ")));

/** Its README without the title; the first table in it is a copy of the option table, which stands in for it. */
function blockLines(module: (typeof modules)[number], readme: string | undefined): string[] {
  const { keyword, help, options, load } = module;
  const head = section(`${keyword} { }`);
  if (readme === undefined) {
    const state = load === undefined ? ["Without effect in this version."] : [];
    return [head, `${inline(help)}.`, ...state, ...optionEntries(options)];
  }
  const [, ...body] = readme.split("\n");
  const first = [optionEntries(options)];
  return [head, ...fromMarkdown(body.join("\n"), (rows) => first.shift() ?? rowEntries(rows))];
}

/** hsflowd.conf(5). `readmes` by keyword. */
export const configurationManual = (version: string, readmes: ReadonlyMap<string, string>): string =>
  finish([
    title("hsflowd.conf", 5, version),
    section("Name"),
    "hsflowd.conf \\- what this host reports, and to whom",
    section("Description"),
    "One block, sflow { }, with settings of the agent and further blocks, each of which brings something to life.",
    "Blanks, = and ; separate; # begins a comment; in double quotes a value may hold any of these. Keys may be written in",
    "upper or lower case. hsflowd check says what is wrong with a file, and hsflowd check \\-\\-dump what it comes to.",
    ".PP",
    ".RS 4",
    ".nf",
    escapeText("sflow {\n  collector { ip = 192.0.2.1 }\n  pcap { dev = eth0 }\n}"),
    ".fi",
    ".RE",
    section("Settings of the agent"),
    ...optionEntries(sflowOptions),
    section("Blocks"),
    `Each is described below: ${modules.flatMap(({ keyword }) => (keyword === null ? [] : [`${keyword} { }`])).join(", ")}.`,
    ...modules.flatMap((module) => (module.keyword === null ? [] : blockLines(module, readmes.get(module.keyword)))),
    section("See also"),
    "hsflowd(8)",
  ]);
