/** Labels in the order in which they are written. */
export type Labels = Readonly<Record<string, string>>;

/** One value of a metric. */
export interface Sample {
  readonly labels: Labels;
  /** An exact decimal as a string, or a number. */
  readonly value: string | number;
}

/** One bucketed distribution. */
export interface HistogramSample {
  readonly labels: Labels;
  /** Cumulative counts by upper edge in seconds, without that of infinity. */
  readonly buckets: readonly (readonly [edge: number, count: number])[];
  readonly count: number;
  readonly sum: number;
}

/** A metric in Prometheus's text format. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly samples: readonly Sample[];
}

/** A histogram in Prometheus's text format. */
export interface HistogramFamily extends Omit<Family, "type" | "samples"> {
  readonly samples: readonly HistogramSample[];
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", '"': '\\"' };

/** A label's value may be any text: backslash, quote and line feed are escaped, and a lone surrogate becomes U+FFFD. */
const escapeLabel = (value: string): string =>
  value.toWellFormed().replace(/[\\\n"]/g, (character) => ESCAPES[character] ?? character);

const escapeHelp = (text: string): string => text.replace(/[\\\n]/g, (character) => ESCAPES[character] ?? character);

const labelsOf = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
};

const headOf = ({ name, help }: Pick<Family, "name" | "help">, type: string): string =>
  `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;

/** A family as text; empty without samples. */
export function familyText(family: Family): string {
  const { name, type, samples } = family;
  if (samples.length === 0) return "";
  return headOf(family, type) + samples.map(({ labels, value }) => `${name}${labelsOf(labels)} ${value}\n`).join("");
}

function histogramLines(name: string, { labels, buckets, count, sum }: HistogramSample): string {
  const lines = buckets.map(([edge, upTo]) => `${name}_bucket${labelsOf({ ...labels, le: String(edge) })} ${upTo}\n`);
  const own = labelsOf(labels);
  const rest = `${name}_bucket${labelsOf({ ...labels, le: "+Inf" })} ${count}\n${name}_sum${own} ${sum}\n${name}_count${own} ${count}\n`;
  return lines.join("") + rest;
}

/** A histogram as text; empty without samples. */
export function histogramText(family: HistogramFamily): string {
  if (family.samples.length === 0) return "";
  return headOf(family, "histogram") + family.samples.map((sample) => histogramLines(family.name, sample)).join("");
}
