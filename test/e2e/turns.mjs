// Loaded into an agent: writes the longest turn of its event loop to the file $TURNS, every 50 ms, as a line of time in
// milliseconds of the UNIX epoch, longest turn since the line before in milliseconds, and resident megabytes. A turn is
// measured in time on a processor, as other programs may take the processor meanwhile: proc(5), schedstat.

import { openSync, readSync, writeSync } from "node:fs";

// Opened before the agent gives up root.
const file = openSync(process.env["TURNS"], "a");
const schedule = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
const bytes = Buffer.alloc(64);
const onProcessor = () => Number.parseInt(bytes.toString("latin1", 0, readSync(schedule, bytes, 0, 64, 0)), 10) / 1e6;

let last = onProcessor();
let longest = 0;
let next = 0;
const turn = () => {
  const now = onProcessor();
  longest = Math.max(longest, now - last);
  last = now;
  if (performance.now() >= next) {
    writeSync(file, `${Date.now()} ${longest.toFixed(1)} ${(process.memoryUsage.rss() / 1e6).toFixed(0)}\n`);
    longest = 0;
    next = performance.now() + 50;
  }
  setTimeout(turn, 1).unref();
};
setTimeout(turn, 1).unref();
