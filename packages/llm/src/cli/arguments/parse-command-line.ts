import { parseArgs } from "node:util";
import { COMMANDS, OPTIONS } from "../commands.ts";
import type { CommandSpec } from "./command-spec.ts";
import type { Flags } from "./flags.ts";

/** A parsed command line. */
export type CommandLine =
  | { readonly do: "run"; readonly command: CommandSpec; readonly operands: readonly string[]; readonly flags: Flags }
  | { readonly do: "help"; readonly topic: string | null }
  | { readonly do: "version" }
  | { readonly do: "refuse"; readonly message: string; readonly topic: string | null; readonly json: boolean };

const PARSE_OPTIONS = Object.fromEntries(
  [...OPTIONS.values()].map(({ name, short, value }) => [
    name,
    {
      type: value === undefined ? ("boolean" as const) : ("string" as const),
      ...(short === undefined ? {} : { short }),
    },
  ]),
);

/** Parses a command line without the program name. An error is one sentence. Pure. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  // Some runners pass on the separator `--` before the arguments.
  const own = args[0] === "--" ? args.slice(1) : [...args];
  const { tokens } = parseArgs({
    args: own,
    options: PARSE_OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const flags = new Map<string, string | true>();
  const json = own.includes("--json");
  const refuse = (message: string, topic: string | null = null): CommandLine => ({
    do: "refuse",
    message,
    topic,
    json,
  });

  let wrong: string | null = null;
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    wrong ??= optionProblem(token, flags);
    flags.set(token.name, token.value ?? true);
  }

  const [first, second = ""] = words;
  if (flags.has("version")) return { do: "version" };
  if (first === "help") return { do: "help", topic: words.slice(1).join(" ") || null };
  const found = findCommand(words);
  if (flags.has("help")) return { do: "help", topic: found?.name ?? first ?? null };
  if (first === undefined) return wrong === null ? { do: "help", topic: null } : refuse(wrong);
  if (found === undefined) {
    const group = COMMANDS.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
    if (group.length > 0 && second === "") return { do: "help", topic: first };
    const tried = group.length > 0 ? `${first} ${second}` : first;
    return refuse(`unknown command "${tried}"${suggestion(tried)}`, group.length > 0 ? first : null);
  }
  if (wrong !== null) return refuse(wrong, found.name);
  const foreign = [...flags.keys()].find((name) => !found.options.some((option) => option.name === name));
  if (foreign !== undefined) return refuse(`${found.name} has no option --${foreign}`, found.name);
  const operands = words.slice(found.name.split(" ").length);
  const problem = operandProblem(found, operands);
  if (problem !== null) return refuse(problem, found.name);
  return { do: "run", command: found, operands, flags };
}

function findCommand(words: readonly string[]): CommandSpec | undefined {
  return COMMANDS.find(({ name }) => name.split(" ").every((word, index) => words[index] === word));
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function optionProblem({ name, rawName, value, inlineValue }: OptionToken, before: Flags): string | null {
  const option = OPTIONS.get(name);
  if (option === undefined) return `unknown option ${rawName}${suggestedOption(name)}`;
  if (before.has(name)) return `--${name} is given twice`;
  if (option.value === undefined) return value === undefined ? null : `--${name} takes no value`;
  const missing = value === undefined || value === "" || (inlineValue !== true && value.startsWith("--"));
  return missing ? `--${name} needs a value: --${name} ${option.value}` : null;
}

function operandProblem(
  { name, operands, count: [least, most] }: CommandSpec,
  given: readonly string[],
): string | null {
  if (given.length < least) return `${name} needs ${operands}`;
  if (given.length <= most) return null;
  return `unexpected argument "${given[most]}" after ${[name, ...given.slice(0, most)].join(" ")}`;
}

const alike = (one: string, other: string): boolean =>
  one.startsWith(other.slice(0, 3)) || other.startsWith(one.slice(0, 3));

function suggestion(tried: string): string {
  const words = tried.split(" ");
  const near = COMMANDS.find(({ name }) => {
    const parts = name.split(" ");
    return parts.length === words.length && parts.every((part, index) => alike(part, words[index] ?? ""));
  });
  return near === undefined ? "" : `; did you mean ${near.name}?`;
}

function suggestedOption(name: string): string {
  const near = [...OPTIONS.keys()].find((one) => alike(one, name));
  return near === undefined ? "" : `; did you mean --${near}?`;
}
