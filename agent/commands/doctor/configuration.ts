// Checks that the file can be read and has no errors.

import type { Problem } from "../../config/error.ts";
import type { Files } from "../../host/host.ts";
import { whyUnreadable } from "../../host/why-unreadable.ts";
import { modules } from "../../modules/index.ts";
import { sendsNothing } from "../../run/outcome.ts";
import type { Survey } from "../survey.ts";
import { broken, type Finding, note, ok, unknown } from "./finding.ts";

const placed = (file: string, { at, message }: Problem): string => `${file}:${at.line}:${at.column}: ${message}`;

export function checkConfiguration({ file, text, configuration, problems }: Survey, files: Files): Finding[] {
  if (text === undefined) {
    if (files.exists(file) && process.getuid?.() === 0)
      return [broken("configuration", `${file} cannot be read`, "choose another file with -f")];
    return whyUnreadable(files, file) === "permission denied"
      ? [unknown("configuration", `cannot tell whether ${file} has errors: permission denied`, "ask as root")]
      : [
          broken(
            "configuration",
            `${file}: no such file`,
            "create the file: sflow { collector { ip=ADDRESS } pcap { } }",
          ),
        ];
  }
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (configuration === undefined && first !== undefined) {
    const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    return [broken("configuration", `${placed(file, first)}${rest}`, `run hsflowd check ${file}`)];
  }
  const nothing = configuration && sendsNothing(configuration, modules);
  const others = problems.filter(({ message }) => message !== nothing?.message);
  return [
    ok("configuration", `${file} has no errors`),
    ...(nothing === undefined ? [] : [broken("configuration", nothing.message, nothing.remedy)]),
    ...others.map((problem) => note("configuration", placed(file, problem), problem.remedy)),
  ];
}
