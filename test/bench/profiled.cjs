// Loaded before the agent: on SIGALRM its main thread is profiled for some seconds, and the frames that took most are
// said. Chrome DevTools Protocol, Profiler.

const { Session } = require("node:inspector");

const MILLISECONDS = 4000;
const MICROSECONDS = 250;
const FRAMES = 5;

/** All calls of an addon have one name in a profile, so that what is no JavaScript is named after its caller. */
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
