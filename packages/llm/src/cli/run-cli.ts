import { readFile } from "node:fs/promises";
import { defaultProviders } from "../default-providers.ts";
import { askCommand } from "./ask-command.ts";
import { budgetCommand } from "./budget-command.ts";
import { budgetWriteOffCommand } from "./budget-write-off-command.ts";
import { callCommand } from "./call-command.ts";
import { callsCommand } from "./calls-command.ts";
import type { CliHost } from "./cli-host.ts";
import type { Command } from "./command-context.ts";
import { type DescribedError, describeError } from "./describe-error.ts";
import { doctorCommand } from "./doctor-command.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import {
  experimentsPauseCommand,
  experimentsPromoteCommand,
  experimentsStartCommand,
  experimentsStopCommand,
} from "./experiments-change-command.ts";
import { experimentsCommand } from "./experiments-command.ts";
import { experimentsPlanCommand } from "./experiments-plan-command.ts";
import { experimentsReportCommand } from "./experiments-report-command.ts";
import { helpOf, overview } from "./help-text.ts";
import { collectSecrets, hideSecrets } from "./hide-secrets.ts";
import { modelsCommand } from "./models-command.ts";
import { settingsUrlOf } from "./open-cli-store.ts";
import { type CommandLine, parseCommandLine } from "./parse-command-line.ts";
import { createPrinter } from "./printer.ts";
import { readEnvironment } from "./read-environment.ts";
import { settingsGetCommand } from "./settings-get-command.ts";
import { settingsHistoryCommand } from "./settings-history-command.ts";
import { settingsRollbackCommand } from "./settings-rollback-command.ts";
import { settingsSetCommand } from "./settings-set-command.ts";
import { statusCommand } from "./status-command.ts";
import { createStyles, wantsColour } from "./styles.ts";
import { tuneCanaryCommand } from "./tune-canary-command.ts";
import { tuneDatasetCommand } from "./tune-dataset-command.ts";
import { tuneEvaluateCommand } from "./tune-evaluate-command.ts";
import { tunePromoteCommand, tuneRollBackCommand } from "./tune-promote-command.ts";
import { tuneStartCommand } from "./tune-start-command.ts";
import { tuneWatchCommand } from "./tune-watch-command.ts";
import { usageCommand } from "./usage-command.ts";

const COMMAND_OF: Readonly<Record<string, Command>> = {
  status: statusCommand,
  ask: askCommand,
  models: modelsCommand,
  "settings get": settingsGetCommand,
  "settings set": settingsSetCommand,
  "settings history": settingsHistoryCommand,
  "settings rollback": settingsRollbackCommand,
  usage: usageCommand,
  calls: callsCommand,
  call: callCommand,
  budget: budgetCommand,
  "budget write-off": budgetWriteOffCommand,
  experiments: experimentsCommand,
  "experiments report": experimentsReportCommand,
  "experiments plan": experimentsPlanCommand,
  "experiments start": experimentsStartCommand,
  "experiments pause": experimentsPauseCommand,
  "experiments stop": experimentsStopCommand,
  "experiments promote": experimentsPromoteCommand,
  "tune dataset": tuneDatasetCommand,
  "tune start": tuneStartCommand,
  "tune watch": tuneWatchCommand,
  "tune evaluate": tuneEvaluateCommand,
  "tune canary": tuneCanaryCommand,
  "tune promote": tunePromoteCommand,
  "tune roll-back": tuneRollBackCommand,
  doctor: doctorCommand,
};

/**
 * Runs the command-line tool and returns its exit code. Errors are printed to standard error, or with `--json` as an object to
 * standard output. All resources are closed when it returns.
 */
export async function runCli(host: CliHost): Promise<ExitCode> {
  const line = parseCommandLine(host.args);
  switch (line.do) {
    case "version":
      host.stdout.write(`${await readVersion()}\n`);
      return EXIT.ok;
    case "help":
      host.stdout.write(`${line.topic === null ? overview() : helpOf(line.topic)}\n`);
      return EXIT.ok;
    case "refuse": {
      const help = ["babylon-llm", ...(line.topic === null ? [] : [line.topic]), "--help"].join(" ");
      const error = { code: "usage", message: line.message, fix: `see ${help}`, exit: EXIT.usage };
      return printError(error, host, line.json, []);
    }
    case "run":
      return run(line, host);
  }
}

async function run(
  { command, operands, flags }: Extract<CommandLine, { do: "run" }>,
  host: CliHost,
): Promise<ExitCode> {
  const json = flags.has("json");
  const providers = defaultProviders();
  let secrets: readonly string[] = [];
  try {
    const environment = await readEnvironment(host.env, host.cwd);
    secrets = collectSecrets(environment.env, providers, settingsUrlOf(flags, environment.env));
    const print = createPrinter(host, environment.env, secrets);
    const found = COMMAND_OF[command];
    if (found === undefined) throw new Error(`the command ${command} is not implemented`);
    return await found({ host, environment, providers, operands, flags, json, print });
  } catch (thrown) {
    if (host.abortSignal.aborted) return EXIT.stopped;
    return printError(describeError(thrown, providers), host, json, secrets);
  }
}

function printError(error: DescribedError, host: CliHost, json: boolean, secrets: readonly string[]): ExitCode {
  const { code, message, fix, exit } = error;
  if (json) {
    host.stdout.write(`${hideSecrets(JSON.stringify({ ok: false, error: { code, message, fix } }), secrets)}\n`);
    return exit;
  }
  const { bad, bold } = createStyles(wantsColour(host.stderr, host.env));
  const lines = [`${bad("babylon-llm:")} ${message}`, ...(fix === null ? [] : [`${bold("fix:")} ${fix}`])];
  host.stderr.write(hideSecrets(`${lines.join("\n")}\n`, secrets));
  return exit;
}

async function readVersion(): Promise<string> {
  // The same relative path from src/cli and from dist/cli.
  const manifest: unknown = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : null;
  return String(version);
}
