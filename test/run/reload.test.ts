// A reload applies a valid file, rejects an invalid file as a whole, and never runs twice at once.

import { expect, it } from "vitest";
import type { Files } from "../../agent/host/host.ts";
import { WorkQueue } from "../../agent/host/work-queue.ts";
import type { Logger } from "../../agent/log/logger.ts";
import type { Configuration } from "../../agent/run/configuration.ts";
import { type Applied, makeReloader } from "../../agent/run/reload.ts";
import { makeFakeClock } from "../fakes/clock.ts";
import { memoryFiles } from "../fakes/files.ts";

const DONE: Applied = { took: 1, failures: [] };
const GOOD = "sflow { polling = 5 collector { ip = 192.0.2.1 } }";

function makeLog(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const say = (message: string | (() => string)): void => {
    lines.push(typeof message === "string" ? message : message());
  };
  const log = { lines, error: say, warn: say, info: say, debug: () => undefined, child: () => log };
  return log;
}

function bed(
  files: Files,
  apply: (configuration: Configuration) => Promise<Applied>,
  lacks: () => string[] = () => [],
) {
  const log = makeLog();
  return {
    log,
    reloader: makeReloader({
      files,
      queue: new WorkQueue(makeFakeClock()),
      file: "/etc/hsflowd.conf",
      log,
      lacks,
      apply,
    }),
  };
}

it("applies a valid file", async () => {
  const applied: number[] = [];
  const { reloader } = bed(memoryFiles({ "/etc/hsflowd.conf": GOOD }), async ({ sflow }) => {
    applied.push(sflow.polling);
    return DONE;
  });
  expect((await reloader.reload()).ok).toBe(true);
  expect(applied).toEqual([5]);
});

it("rejects an invalid or missing file, and logs each error on a line of its own", async () => {
  const never = async () => {
    throw new Error("applied");
  };
  const { reloader, log } = bed(memoryFiles({ "/etc/hsflowd.conf": "sflow { pollin = 5 }" }), never);
  const { ok, text } = await reloader.reload();
  expect(ok).toBe(false);
  expect(text).toContain('did you mean "polling"?');
  expect(log.lines.every((line) => !line.includes("\n"))).toBe(true);
  expect(log.lines.at(-1)).toContain("the previous configuration stays in force");
  expect((await bed(memoryFiles({}), never).reloader.reload()).text).toContain("no such file");
});

it("replies with the error if the configuration cannot be applied, and works again afterwards", async () => {
  const outcomes = [true, false];
  const { reloader } = bed(memoryFiles({ "/etc/hsflowd.conf": GOOD }), async () => {
    if (outcomes.shift()) throw new Error("no room");
    return DONE;
  });
  expect(await reloader.reload()).toEqual({ ok: false, text: "/etc/hsflowd.conf: no room", lacking: [] });
  expect((await reloader.reload()).ok).toBe(true);
});

it("applies a file whose blocks lack a privilege or cannot start, and reports these blocks", async () => {
  const line = "pcap { }: CAP_NET_RAW was dropped";
  const failure = "metrics { }: listen EADDRINUSE";
  const { reloader, log } = bed(
    memoryFiles({ "/etc/hsflowd.conf": GOOD }),
    async () => ({ took: 1, failures: [failure] }),
    () => [line],
  );
  expect(await reloader.reload()).toMatchObject({ ok: true, lacking: [failure, line] });
  expect(log.lines).toContain(line);
});

it("runs a second request after the first", async () => {
  const steps: string[] = [];
  const { reloader } = bed(memoryFiles({ "/etc/hsflowd.conf": GOOD }), async () => {
    steps.push("begin");
    await Promise.resolve();
    steps.push("end");
    return DONE;
  });
  await Promise.all([reloader.reload(), reloader.reload()]);
  expect(steps).toEqual(["begin", "end", "begin", "end"]);
});
