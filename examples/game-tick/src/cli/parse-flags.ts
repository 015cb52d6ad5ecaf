import { parseArgs } from "node:util";
import { EXPERIMENT_AGENTS } from "../experiment/tick-experiment.ts";
import { parseFaults, type RequestedFault } from "./parse-faults.ts";

/** The options of the command. */
export interface TickFlags {
  readonly agents: number;
  readonly seed: number;
  /** Empty: the default fault, one in five W&B calls. */
  readonly faults: readonly RequestedFault[];
  readonly budgetMs: number;
  /** What the calls of the tick may cost; `null`: any amount. */
  readonly budgetUsd: number | null;
  /** The URL of the settings; `null`: the example's own file. */
  readonly settings: string | null;
  /** The SQLite file for records of the calls, or `none`; `null`: that of the environment, else the default. */
  readonly records: string | null;
  /** Run an experiment between two models over simulated agents, with the simulator. */
  readonly experiment: boolean;
  /** Use the simulator even if keys are set. */
  readonly simulator: boolean;
  readonly json: boolean;
}

/** The outcome of reading a command line. */
export type ParsedFlags =
  | { readonly do: "run"; readonly flags: TickFlags }
  | { readonly do: "help" }
  | { readonly do: "refuse"; readonly message: string };

const WITH_VALUE = ["agents", "seed", "fault", "budget", "budget-usd", "settings", "records"] as const;
const SWITCHES = ["experiment", "simulator", "json", "help"] as const;
const NAMES: readonly string[] = [...WITH_VALUE, ...SWITCHES];

const OPTIONS = {
  ...Object.fromEntries(WITH_VALUE.map((name) => [name, { type: "string" as const }])),
  ...Object.fromEntries(SWITCHES.map((name) => [name, { type: "boolean" as const }])),
  help: { type: "boolean" as const, short: "h" },
};

/** Parses the command line without the program name. An error is one sentence. */
export function parseFlags(args: readonly string[]): ParsedFlags {
  // Some runners pass on the separator `--` before the arguments.
  const own = args[0] === "--" ? args.slice(1) : [...args];
  const { tokens } = parseArgs({ args: own, options: OPTIONS, strict: false, allowPositionals: true, tokens: true });
  const flags = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") return refuse(`"${token.value}" means nothing here`);
    const { name, rawName, value } = token;
    if (!NAMES.includes(name)) return refuse(`there is no option ${rawName}${suggest(name)}`);
    if (flags.has(name)) return refuse(`--${name} is given twice`);
    const takesValue = WITH_VALUE.some((one) => one === name);
    if (takesValue && (value === undefined || value === "" || value.startsWith("--"))) {
      return refuse(`--${name} needs a value`);
    }
    if (!takesValue && value !== undefined) return refuse(`--${name} takes no value`);
    flags.set(name, value ?? true);
  }
  return flags.has("help") ? { do: "help" } : toFlags(flags);
}

function toFlags(flags: ReadonlyMap<string, string | true>): ParsedFlags {
  const text = (name: (typeof WITH_VALUE)[number]): string | null => {
    const value = flags.get(name);
    return typeof value === "string" ? value : null;
  };
  const experiment = flags.has("experiment");
  const agents = whole(text("agents") ?? (experiment ? String(EXPERIMENT_AGENTS) : "20"), 1_000);
  if (agents === null) return refuse(`--agents: expected a whole number from 0 to 1000, got "${text("agents")}"`);
  const seed = whole(text("seed") ?? "1", 4_294_967_295);
  if (seed === null) return refuse(`--seed: expected a whole number from 0 to 4294967295, got "${text("seed")}"`);
  const budgetMs = milliseconds(text("budget") ?? "180");
  if (budgetMs === null)
    return refuse(`--budget: expected seconds, more than 0 and at most 3600, got "${text("budget")}"`);
  const budgetUsd = dollars(text("budget-usd"));
  if (budgetUsd === undefined)
    return refuse(`--budget-usd: expected US dollars from 0 to 9000000, got "${text("budget-usd")}"`);
  const fault = text("fault");
  const read = fault === null ? { faults: [] } : parseFaults(fault);
  if ("wrong" in read) return refuse(`--fault: ${read.wrong}`);
  return {
    do: "run",
    flags: {
      agents,
      seed,
      faults: read.faults,
      budgetMs,
      budgetUsd,
      settings: text("settings"),
      records: text("records"),
      experiment,
      // The quality of answers is known of the simulator alone.
      simulator: experiment || flags.has("simulator"),
      json: flags.has("json"),
    },
  };
}

const refuse = (message: string): ParsedFlags => ({ do: "refuse", message });

function whole(text: string, most: number): number | null {
  return /^\d{1,10}$/.test(text) && Number(text) <= most ? Number(text) : null;
}

function milliseconds(seconds: string): number | null {
  if (!/^\d+(\.\d+)?$/.test(seconds)) return null;
  const ms = Math.round(Number(seconds) * 1_000);
  return ms > 0 && ms <= 3_600_000 ? ms : null;
}

/** `null`: not given; `undefined`: not an amount. */
function dollars(text: string | null): number | null | undefined {
  if (text === null) return null;
  const usd = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return usd <= 9_000_000 ? usd : undefined;
}

/** Suggests an option with the same prefix. */
function suggest(name: string): string {
  const near = NAMES.find((one) => one.startsWith(name.slice(0, 3)) || name.startsWith(one.slice(0, 3)));
  return near === undefined ? "" : `; did you mean --${near}?`;
}
