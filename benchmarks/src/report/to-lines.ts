import type { ContestantName } from "../contestants/contestants.ts";
import type { StartFigures } from "../rows/measure-start.ts";
import type { Measured } from "../rows/row.ts";
import { figure, type Line } from "./line.ts";

const NAMES: Readonly<Record<ContestantName, string>> = {
  babylon: "Babylon LLM",
  "babylon-documented": "Babylon LLM, the SDK as documented",
  "babylon-claude": "Babylon LLM",
  openai: "`openai`",
  anthropic: "`@anthropic-ai/sdk`",
  "ai-sdk": "AI SDK",
  "ai-fallback": "`ai-fallback`",
  transport: "the transport alone, bytes unread",
  undici: "undici's dispatcher alone, bytes unread",
  langchain: "LangChain",
};

/** A figure of this client compared with that of another library. */
interface Pair {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: ContestantName;
  readonly theirs: number;
}

function ratioLine({ what, unit, ours, peer, theirs }: Pair, limit: number, stretch?: number): Line {
  const ratio = ours / theirs;
  return {
    what,
    ours: figure(ours, unit),
    against: `${NAMES[peer]} ${figure(theirs, unit)}`,
    ratio,
    limit: `<= ${limit.toFixed(2)}`,
    stretch: stretch === undefined ? "" : `${stretch.toFixed(2)}${ratio <= stretch ? " reached" : ""}`,
    holds: ratio <= limit,
  };
}

function mostLine(what: string, ours: number, most: number, against: string): Line {
  return {
    what,
    ours: figure(ours, "ms"),
    against,
    ratio: null,
    limit: `<= ${most} ms`,
    stretch: "",
    holds: ours <= most,
  };
}

/** One line for each limit of a measured row. */
export function toLines({ row, figures }: Measured): Line[] {
  const of = (name: ContestantName): number => figures.get(name) ?? Number.NaN;
  const { what, unit, ours } = row;
  return row.limits.map(({ peer, ratio, stretch }) =>
    ratioLine({ what, unit, ours: of(ours), peer, theirs: of(peer) }, ratio, stretch),
  );
}

/** The lines about process start. */
export function startLines(start: StartFigures): Line[] {
  const ready = "import of the built `@babylon/llm` until a client of four providers is ready";
  const first = "first call done in a fresh process";
  return [
    mostLine(`${ready}, plain settings`, start.readyPlain, 30, "bare Node"),
    mostLine(`${ready}, default SQLite store`, start.readySQLite, 80, "bare Node"),
    ratioLine(
      { what: `${ready}, plain settings`, unit: "ms", ours: start.readyPlain, peer: "ai-sdk", theirs: start.readyAI },
      0.15,
    ),
    ratioLine(
      { what: first, unit: "ms", ours: start.firstCall, peer: "openai", theirs: start.firstCallOpenAI },
      1,
      0.85,
    ),
  ];
}

/** The figures that are measured for this client only. */
export function ownLines(own: { readonly rescueMs: number; readonly failed: number; readonly calls: number }): Line[] {
  const rescue = "rescue from a silent first provider, beyond the first-token limit (worst of 20)";
  return [
    mostLine(rescue, own.rescueMs, 50, ""),
    {
      what: `${own.calls.toLocaleString("en")} calls at once, 5 % random resets and 500s: failed`,
      ours: String(own.failed),
      against: "",
      ratio: null,
      limit: "0",
      stretch: "",
      holds: own.failed === 0,
    },
  ];
}

/** All medians, also of contestants without a limit. */
export function figuresTable(all: readonly Measured[]): string {
  const rows = all.flatMap(({ row, figures }) =>
    [...figures].map(([name, value]) => `| ${row.what} | ${NAMES[name]} | ${figure(value, row.unit)} |`),
  );
  return ["| what | who | median |", "|---|---|---|", ...rows].join("\n");
}
