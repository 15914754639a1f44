// Loaded before the agent: on SIGALRM, profiles its main thread for some seconds and prints the functions that took
// most. Chrome DevTools Protocol, Profiler.

const { Session } = require("node:inspector");

const MILLISECONDS = 4000;
const MICROSECONDS = 250;
const FRAMES = 5;

/** A profile has one name for all calls of an addon, so that native code is named after its caller. */
function nameOf({ callFrame }, caller) {
  const { functionName, url } = callFrame;
  if (functionName.startsWith("(")) return functionName;
  return url === "" ? `system calls of ${caller}` : `${functionName || "(anonymous)"}`;
}

function largest({ nodes }) {
  const callers = new Map(nodes.flatMap(({ callFrame, children = [] }) => children.map((id) => [id, callFrame])));
  const hits = new Map();
  for (const node of nodes) {
    const name = nameOf(node, callers.get(node.id)?.functionName);
    if (name !== "(idle)") hits.set(name, (hits.get(name) ?? 0) + node.hitCount);
  }
  const all = [...hits.values()].reduce((sum, count) => sum + count, 0);
  const frames = [...hits].map(([frame, count]) => ({ frame, percent: (count / all) * 100 }));
  return frames.sort((a, b) => b.percent - a.percent).slice(0, FRAMES);
}

process.once("SIGALRM", () => {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: MICROSECONDS });
  session.post("Profiler.start");
  setTimeout(() => {
    session.post("Profiler.stop", (_, { profile }) => {
      process.stdout.write(`profiled ${JSON.stringify(largest(profile))}\n`);
      session.disconnect();
    });
  }, MILLISECONDS);
});
