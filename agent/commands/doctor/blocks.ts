// Checks that every block of the file works in the running agent.

import { modules } from "../../modules/index.ts";
import type { Report } from "../../report/report.ts";
import type { Survey } from "../survey.ts";
import { broken, type Finding, note, ok } from "./finding.ts";

export function checkBlocks({ agent, configuration }: Survey): Finding[] {
  if (agent.kind !== "answer" || configuration === undefined) return [];
  const running = new Map(agent.value.modules.map(({ name, report }) => [name, report]));
  const wanted = modules.flatMap(({ keyword, load }) =>
    keyword !== null && load !== undefined && configuration.blocks.has(keyword) ? [keyword] : [],
  );
  return wanted.map((name) => {
    const report = running.get(name);
    if (report === undefined)
      return broken(
        "blocks",
        `${name} { } is not active in the running agent`,
        "run systemctl reload hsflowd; the log has the reason",
      );
    if (report.obstacle !== undefined)
      return broken("blocks", `${name}: ${report.obstacle}`, report.remedy ?? "none: the agent retries by itself");
    return failing(name, report) ?? ok("blocks", `${name} { } is active`);
  });
}

/** Returns a note about the first query of a block, for example to DNS, whose last attempt failed. */
function failing(name: string, { questions = [] }: Report): Finding | undefined {
  const [first] = questions.filter((one) => one.failing);
  return first && note("blocks", `${name}: ${first.question}: ${first.answer}; the last answer stays in force`);
}
