// Tells whether an answer of the agent has the members that the commands read. An agent of another version, or another
// program behind the socket, may answer anything.

/** The expected form of a JSON value. Members that are not named may have any value. */
type Shape =
  | "string"
  | "number"
  | "boolean"
  | "cell"
  | { readonly list: Shape }
  | { readonly each: Shape }
  | { readonly maybe: Shape }
  | Members;
interface Members {
  readonly members: Readonly<Record<string, Shape>>;
}

const members = (shapes: Readonly<Record<string, Shape>>): Members => ({ members: shapes });
const named = (shape: Shape, ...names: readonly string[]): Record<string, Shape> =>
  Object.fromEntries(names.map((name) => [name, shape]));
const list = (shape: Shape): Shape => ({ list: shape });
const maybe = (shape: Shape): Shape => ({ maybe: shape });

const TEXTS = list("string");
const COUNTERS: Shape = { each: "number" };

const COLLECTOR = members({
  ...named("string", "name"),
  ...named("number", "sent", "failed"),
  ...named(maybe("string"), "address", "lastError", "obstacle"),
});
const TAP = members({
  ...named("string", "interface", "state", "why"),
  ...named("number", "index", "rate", "rateInForce", "packets", "drops"),
  ...named(maybe("string"), "engine", "obstacle", "remedy"),
});
const LOOKUPS = members({
  ...named("string", "namespace"),
  ...named("number", "lookups", "hits", "notFound", "recalled", "errors", "deadline"),
});
const QUESTION = members({
  ...named("string", "question"),
  ...named(maybe("string"), "answer"),
  age: maybe("number"),
  next: "number",
});
const TABLE = members({ title: "string", columns: TEXTS, rows: list(list("cell")) });
const REPORT = members({
  collectors: maybe(list(COLLECTOR)),
  taps: maybe(list(TAP)),
  lookups: maybe(list(LOOKUPS)),
  questions: maybe(list(QUESTION)),
  tables: maybe(list(TABLE)),
  ...named(maybe("string"), "obstacle", "remedy"),
});
const FOUND_COLLECTOR = members({ name: "string", port: "number", addresses: TEXTS });
const CONFINEMENT = members({
  systemCalls: maybe("number"),
  files: maybe("boolean"),
  ports: maybe(list("number")),
  note: maybe("string"),
});

/** The form of each answer, by request. */
export const SHAPES = {
  status: members({
    ...named("string", "version", "configFile"),
    ...named("number", "pid", "uptime", "memory", "subAgentId"),
    suppressed: "boolean",
    ...named(COUNTERS, "counters", "interfaces", "flow", "failures"),
    agentAddress: maybe(members({ address: "string", device: maybe("string") })),
    obstacle: maybe("string"),
    confinement: maybe(CONFINEMENT),
    modules: list(members({ name: "string", counters: COUNTERS, report: REPORT })),
    found: { each: members({ settings: TEXTS, collectors: list(FOUND_COLLECTOR) }) },
  }),
  reload: members({ ok: "boolean", text: "string", lacking: TEXTS }),
} as const;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Tells whether the value has the form. */
export function hasShape(value: unknown, shape: Shape): boolean {
  if (shape === "cell") return typeof value === "string" || typeof value === "number";
  // JSON has null for a number that is none.
  if (shape === "number") return value === null || typeof value === shape;
  if (typeof shape === "string") return typeof value === shape;
  if ("maybe" in shape) return value === undefined || hasShape(value, shape.maybe);
  if ("list" in shape) return Array.isArray(value) && value.every((item) => hasShape(item, shape.list));
  if (!isObject(value)) return false;
  if ("each" in shape) return Object.values(value).every((item) => hasShape(item, shape.each));
  return Object.entries(shape.members).every(([name, member]) => hasShape(value[name], member));
}
