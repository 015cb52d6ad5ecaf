/** One line of Prometheus's text format. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly text: string;
}

/** What a text in Prometheus's format contains. */
export interface ParsedExposition {
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlySet<string>;
  readonly samples: readonly ParsedSample[];
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/;

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== "") {
    const found = LABEL.exec(rest);
    if (found === null) throw new Error(`not labels: ${rest}`);
    const [whole, name = "", value = ""] = found;
    if (name in labels) throw new Error(`a label twice: ${text}`);
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
    rest = rest.slice(whole.length);
  }
  return labels;
}

/** The family of a sample: that of a histogram's lines is the histogram. */
function familyOf(name: string, types: ReadonlyMap<string, string>): string {
  if (types.has(name)) return name;
  return name.replace(/_(?:bucket|sum|count)$/, "");
}

/** Parses a text as strictly as Prometheus's own parser, format 0.0.4. Throws for anything that is not in the format. */
export function parseExposition(text: string): ParsedExposition {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const types = new Map<string, string>();
  const helps = new Set<string>();
  const samples: ParsedSample[] = [];
  const names = new Set<string>();
  const families = new Set<string>();
  let current = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const meta = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (meta !== null) {
      const [, kind, name = "", rest = ""] = meta;
      if (kind === "HELP") helps.add(name);
      else if (types.has(name)) throw new Error(`a type twice: ${line}`);
      else types.set(name, rest);
      continue;
    }
    const found = SAMPLE.exec(line);
    if (found === null) throw new Error(`not a sample: ${line}`);
    const [, name = "", labels = "", value = ""] = found;
    const family = familyOf(name, types);
    if (!types.has(family)) throw new Error(`a sample without a type: ${line}`);
    if (family !== current && families.has(family)) throw new Error(`a family in two places: ${line}`);
    families.add(family);
    current = family;
    const series = `${name}{${labels}}`;
    if (names.has(series)) throw new Error(`a series twice: ${line}`);
    names.add(series);
    if (Number.isNaN(Number(value))) throw new Error(`not a value: ${line}`);
    samples.push({ name, labels: parseLabels(labels), value: Number(value), text: value });
  }
  return { types, helps, samples };
}
