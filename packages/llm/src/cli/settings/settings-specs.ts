import type { CommandSpec } from "../arguments/command-spec.ts";
import { COMMON_OPTIONS, WRITING_OPTIONS } from "../arguments/shared-options.ts";
import { settingsGetCommand } from "./settings-get-command.ts";
import { settingsHistoryCommand } from "./settings-history-command.ts";
import { settingsRollbackCommand } from "./settings-rollback-command.ts";
import { settingsSetCommand } from "./settings-set-command.ts";

/** The commands that read and change the settings. */
export const settingsSpecs: readonly CommandSpec[] = [
  {
    name: "settings get",
    summary: "prints the stored settings, or one value",
    operands: "[path]",
    count: [0, 1],
    options: COMMON_OPTIONS,
    notes: ["", "  babylon-llm settings get providers.wandb.model"],
    run: settingsGetCommand,
  },
  {
    name: "settings set",
    summary: "changes the settings for every process that shares them",
    operands: "<path=value>...",
    count: [0, Number.POSITIVE_INFINITY],
    options: [
      { name: "patch", value: "<json>", help: "a JSON merge patch, instead of assignments" },
      ...WRITING_OPTIONS,
      ...COMMON_OPTIONS,
    ],
    notes: [
      "Several assignments are one change. null removes a value. Prints the new version.",
      "",
      "  order=groq,wandb                           these first, then the others; order=null: the default order",
      "  providers.wandb.model=openai/gpt-oss-120b  providers.wandb.enabled=false",
      "  agents.mayor.provider=groq                 agents.mayor.model=...; agents.mayor=null: no override",
      "  agents.clerk.models.openai=gpt-6-luna      a model per provider, the order unchanged",
      "  budgets=[...]                              a JSON list of budget rules; budgets=null: none",
      "",
      '  babylon-llm settings set order=groq,wandb --actor ada --reason "W&B is slow"',
    ],
    run: settingsSetCommand,
  },
  {
    name: "settings history",
    summary: "lists the changes, newest first",
    operands: "",
    count: [0, 0],
    options: [{ name: "limit", value: "<n>", help: "number of changes; default 20" }, ...COMMON_OPTIONS],
    notes: [],
    run: settingsHistoryCommand,
  },
  {
    name: "settings rollback",
    summary: "stores the settings of an older version as a new one",
    operands: "<version>",
    count: [1, 1],
    options: [...WRITING_OPTIONS, ...COMMON_OPTIONS],
    notes: ["", "  babylon-llm settings rollback 4 --actor ada"],
    run: settingsRollbackCommand,
  },
];
