import { expect, test } from "vitest";
import { COMMANDS } from "../commands.ts";
import { type CommandLine, parseCommandLine } from "./parse-command-line.ts";

const run = (
  name: string,
  operands: string[] = [],
  flags: Record<string, string | true> = {},
): Partial<CommandLine> => {
  const command = COMMANDS.find((spec) => spec.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return { do: "run", command, operands, flags: new Map(Object.entries(flags)) };
};

test.each<[string[], Partial<CommandLine>]>([
  [[], { do: "help", topic: null }],
  [["--help"], { do: "help", topic: null }],
  [["help"], { do: "help", topic: null }],
  [["help", "settings", "set"], { do: "help", topic: "settings set" }],
  [["ask", "-h"], { do: "help", topic: "ask" }],
  [["settings"], { do: "help", topic: "settings" }],
  [["settings", "--help"], { do: "help", topic: "settings" }],
  [["settings", "set", "--help"], { do: "help", topic: "settings set" }],
  [["--version"], { do: "version" }],
  [["-v"], { do: "version" }],
  [["status"], run("status")],
  [["--", "status", "--json"], run("status", [], { json: true })],
  [["--json", "status", "--agent=mayor"], run("status", [], { json: true, agent: "mayor" })],
  [["ask", "Name", "a", "ship"], run("ask", ["Name", "a", "ship"])],
  [["ask", "x", "-p", "groq", "-s"], run("ask", ["x"], { provider: "groq", stream: true })],
  [["ask", "-"], run("ask", ["-"])],
  [["ask", "--", "--stream"], run("ask", ["--stream"])],
  [["ask", "x", "--system=--terse"], run("ask", ["x"], { system: "--terse" })],
  [["models"], run("models")],
  [["models", "wandb"], run("models", ["wandb"])],
  [["settings", "set", "order=groq", "--reason", "a b"], run("settings set", ["order=groq"], { reason: "a b" })],
  [["settings", "rollback", "3"], run("settings rollback", ["3"])],
])("%j", (args, expected) => {
  expect(parseCommandLine(args)).toEqual(expected);
});

test.each<[string[], string, string | null]>([
  [["stat"], 'unknown command "stat"; did you mean status?', null],
  [["frobnicate"], 'unknown command "frobnicate"', null],
  [["settings", "sett"], 'unknown command "settings sett"; did you mean settings set?', "settings"],
  [["ask"], "ask needs <prompt>", "ask"],
  [["models", "a", "b"], 'unexpected argument "b" after models a', "models"],
  [["status", "now"], 'unexpected argument "now" after status', "status"],
  [["status", "--stream"], "status has no option --stream", "status"],
  [["ask", "x", "--modle", "y"], "unknown option --modle; did you mean --model?", "ask"],
  [["ask", "x", "-z"], "unknown option -z", "ask"],
  [["ask", "x", "--model"], "--model needs a value: --model <id>", "ask"],
  [["ask", "x", "--model="], "--model needs a value", "ask"],
  [["ask", "x", "--model", "--json"], "--model needs a value", "ask"],
  [["ask", "x", "--json=yes"], "--json takes no value", "ask"],
  [["ask", "x", "--agent", "a", "--agent", "b"], "--agent is given twice", "ask"],
  [["settings", "rollback"], "settings rollback needs <version>", "settings rollback"],
  [["--strem"], "unknown option --strem; did you mean --stream?", null],
])("%j is refused", (args, message, topic) => {
  const parsed = parseCommandLine(args);
  expect(parsed).toMatchObject({ do: "refuse", message: expect.stringContaining(message), topic });
});

test("a usage error records whether --json was given", () => {
  expect(parseCommandLine(["stat", "--json"])).toMatchObject({ do: "refuse", json: true });
});

test("options with the same name are parsed in the same way", () => {
  const forms = new Map<string, string>();
  for (const { name, value = "switch", short = "none" } of COMMANDS.flatMap(({ options }) => options)) {
    const form = `${value === "switch"} ${short}`;
    expect(forms.get(name) ?? form).toBe(form);
    forms.set(name, form);
  }
});
