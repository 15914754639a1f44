// Families of metrics as the text that Prometheus reads. Prometheus "Text-based format", version 0.0.4.

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "untyped";
  readonly samples: readonly Sample[];
}

export const TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Names of interfaces and containers are other people's, and may hold anything. */
const escapeValue = (text: string): string => text.replace(/["\\\n]/g, (c) => (c === "\n" ? "\\n" : `\\${c}`));

function sampleLine(name: string, { labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeValue(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}

/** A family without samples is left out. */
export function expose(families: readonly Family[]): string {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, type, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...samples.map((sample) => sampleLine(name, sample)),
    ]);
  return `${lines.join("\n")}\n`;
}
