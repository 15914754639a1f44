// Writes each result as a JSON line, of a type of results.ts: to the port that the host machine reads, or to LINES_TO.

import { appendFileSync } from "node:fs";
import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";
import type { Line } from "../results.ts";

const say = (line: Line) => appendFileSync(process.env["LINES_TO"] ?? "/dev/ttyS1", `${JSON.stringify(line)}\n`);
const text = (errors: readonly { message: string; stack?: string }[] = []) =>
  errors.map(({ message, stack }) => stack ?? message).join("\n");

export default class LineReporter implements Reporter {
  onTestCaseResult(test: TestCase) {
    const { state, errors } = test.result();
    if (state === "skipped") return;
    say({ name: test.fullName, passed: state === "passed", error: text(errors) });
  }

  onUserConsoleLog({ content }: { content: string }) {
    say({ note: content });
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]) {
    const failed = modules.flatMap((module) => [
      ...module.errors(),
      ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
    ]);
    say({ end: text([...failed, ...errors]) });
  }
}
