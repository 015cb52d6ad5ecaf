import { readFile } from "node:fs/promises";
import { defaultProviders } from "../default-providers.ts";
import { helpOf, overview } from "./arguments/help-text.ts";
import { type CommandLine, parseCommandLine } from "./arguments/parse-command-line.ts";
import type { CliHost } from "./cli-host.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { type DescribedError, describeError } from "./output/describe-error.ts";
import { collectSecrets, hideSecrets } from "./output/hide-secrets.ts";
import { createPrinter } from "./output/printer.ts";
import { createStyles, wantsColour } from "./output/styles.ts";
import { readEnvironment } from "./read-environment.ts";
import { settingsUrlOf } from "./settings/open-cli-store.ts";

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
    return await command.run({ host, environment, providers, operands, flags, json, print });
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
