import type { CommandSpec } from "../arguments/command-spec.ts";
import { COMMON_OPTIONS } from "../arguments/shared-options.ts";
import { askCommand } from "./ask-command.ts";
import { modelsCommand } from "./models-command.ts";
import { statusCommand } from "./status-command.ts";

/** The commands that show and call the chain. */
export const chainSpecs: readonly CommandSpec[] = [
  {
    name: "status",
    summary: "shows the chain, and the skipped providers with reasons",
    operands: "",
    count: [0, 0],
    options: [{ name: "agent", value: "<id>", help: "the chain of this agent's calls" }, ...COMMON_OPTIONS],
    notes: [
      "Sends no request. Failures seen by a running service are not shown: they are in the memory of that process.",
      "Exit code 1 if the chain is empty.",
    ],
    run: statusCommand,
  },
  {
    name: "ask",
    summary: "sends a prompt to the chain, or to one provider, and prints the answer",
    operands: "<prompt>",
    count: [1, Number.POSITIVE_INFINITY],
    options: [
      { name: "provider", short: "p", value: "<id>", help: "use only this provider, without fallback" },
      {
        name: "model",
        short: "m",
        value: "<id>",
        help: "model; without --provider from the first provider of the chain that lists it",
      },
      { name: "stream", short: "s", help: "print the answer while it arrives; with --json one event per line" },
      { name: "system", value: "<text>", help: "system prompt" },
      { name: "agent", value: "<id>", help: "use the settings of this agent" },
      { name: "timeout", value: "<seconds>", help: "limit for the whole call; default 300" },
      ...COMMON_OPTIONS,
    ],
    notes: [
      "The prompt - reads standard input. Provider, model and failed attempts are printed to standard error.",
      "",
      '  babylon-llm ask "Name a lighthouse."',
      "  git diff | babylon-llm ask --provider groq --stream --system 'Review this.' -",
    ],
    run: askCommand,
  },
  {
    name: "models",
    summary: "lists the models of a provider, or of all providers with a key",
    operands: "[provider]",
    count: [0, 1],
    options: COMMON_OPTIONS,
    notes: [
      "Requests the vendor's list; without a key, prints the built-in list. * marks the model that the chain uses.",
    ],
    run: modelsCommand,
  },
];
