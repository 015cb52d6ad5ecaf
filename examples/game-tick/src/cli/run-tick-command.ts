import type { BudgetWindow, ExperimentReport } from "@babylon/llm";
import type { CallRecord, Plan } from "@babylon/llm-core";
import { TICK_EXPERIMENT } from "../experiment/tick-experiment.ts";
import { createNoteLogger } from "../progress/note-logger.ts";
import { createPlainProgress } from "../progress/plain-progress.ts";
import type { Progress } from "../progress/progress.ts";
import { createTerminalProgress } from "../progress/terminal-progress.ts";
import { budgetLine } from "../report/budget-line.ts";
import { experimentLines } from "../report/experiment-lines.ts";
import { formatElapsed } from "../report/format-elapsed.ts";
import { isWhole, jsonReport } from "../report/json-report.ts";
import { lossLines } from "../report/loss-lines.ts";
import { resultTable } from "../report/result-table.ts";
import { summaryLines } from "../report/summary-lines.ts";
import { writeOutput } from "../report/write-output.ts";
import { executeGameTick } from "../tick/execute-game-tick.ts";
import type { TickEvent } from "../tick/tick-event.ts";
import type { TickResult } from "../tick/tick-result.ts";
import { loadWorld } from "../world/load-world.ts";
import { type CommandHost, TICK_EXIT, type TickOutput } from "./command-host.ts";
import { HELP } from "./help-text.ts";
import { parseFlags, type TickFlags } from "./parse-flags.ts";
import { PROVIDERS } from "./providers.ts";
import { type Setup, setUp } from "./set-up.ts";

const NAMES = new Map<string, string>(PROVIDERS.map(({ id, name }) => [id, name]));

/** Runs the command of the example and returns its exit code. Errors of options or setup are printed to standard error. */
export async function runTickCommand(host: CommandHost): Promise<number> {
  const parsed = parseFlags(host.args);
  if (parsed.do === "help") {
    host.stdout.write(HELP);
    return TICK_EXIT.whole;
  }
  if (parsed.do === "refuse") return refuse(host, `${parsed.message}\nTry --help.`);

  const { flags } = parsed;
  const progress = createProgress(flags.json ? host.stderr : host.stdout);
  const logger = createNoteLogger(progress.note);
  const records: CallRecord[] = [];
  const setup = await setUp(host, flags, {
    onBackend: (backend) => progress.note(backend.firstLine),
    logger,
    recorder: (record) => void records.push(record),
  });
  if ("wrong" in setup) return refuse(host, setup.wrong);

  let result: TickResult | null = null;
  let experiment: ExperimentReport | null = null;
  let budget: BudgetWindow | null = null;
  try {
    for (const line of planLines(await setup.llm.plan())) progress.note(line);
    result = await play(host, flags, setup, progress);
    experiment = (await setup.llm.experiments?.report(TICK_EXPERIMENT)) ?? null;
    budget = await readBudget(setup);
  } finally {
    progress.end();
    // Waits for the last records, which the table needs.
    await setup.close();
  }
  if (result === null) {
    progress.note(`Stopped. ${records.length} calls had ended; nothing was written.`);
    return TICK_EXIT.stopped;
  }
  for (const line of logger.repeated()) progress.note(line);
  await show(host, flags, setup, { result, records, experiment, budget });
  return isWhole(result) ? TICK_EXIT.whole : TICK_EXIT.lost;
}

function refuse(host: CommandHost, message: string): number {
  host.stderr.write(`tick: ${message}\n`);
  return TICK_EXIT.refused;
}

/** Progress bars on a terminal, plain lines elsewhere. */
function createProgress(output: TickOutput): Progress {
  const write = (text: string): void => void output.write(text);
  if (output.isTTY !== true) return createPlainProgress(write);
  return createTerminalProgress({ write, columns: () => widthOf(output) });
}

/** A terminal without a known size reports 0. */
const widthOf = ({ columns = 0 }: TickOutput): number => (columns > 0 ? columns : 80);

/** Runs the tick; `null` if it was aborted. */
async function play(
  { abortSignal }: CommandHost,
  { agents, seed, budgetMs }: TickFlags,
  { llm }: Setup,
  progress: Progress,
): Promise<TickResult | null> {
  const onProgress = (event: TickEvent): void => {
    if (event.type === "settings") progress.note(settingsLine(event));
    progress.update(event);
  };
  try {
    return await executeGameTick({ llm, settings: llm.settings, agents, seed, budgetMs, onProgress, abortSignal });
  } catch (error) {
    if (abortSignal.aborted) return null;
    throw error;
  }
}

/** What was spent; `null` without a budget. */
async function readBudget({ llm }: Setup): Promise<BudgetWindow | null> {
  await llm.budget?.idle();
  return (await llm.budget?.status())?.find(({ rule }) => rule === "tick") ?? null;
}

/** The chain before the first call. */
function planLines({ links, skipped, warnings }: Plan): string[] {
  const chain = links.map(({ provider, model }) => `${nameOf(provider)} (${model})`).join(" -> ");
  const skippedText = skipped.map(({ provider, reason }) => `${nameOf(provider)} (${reason})`).join(", ");
  return [`Chain: ${chain}`, ...(skippedText === "" ? [] : [`Skipped: ${skippedText}`]), ...warnings];
}

const nameOf = (id: string): string => NAMES.get(id) ?? id;

function settingsLine({ wandbModel, version }: Extract<TickEvent, { type: "settings" }>): string {
  const model = wandbModel === null ? "no W&B model, so its default is used" : `the W&B model ${wandbModel}`;
  return `The settings${version === null ? "" : ` (version ${version})`} have ${model}.`;
}

/** A tick that was played to its end. */
interface Played {
  readonly result: TickResult;
  readonly records: readonly CallRecord[];
  /** `null`: the tick had no experiment. */
  readonly experiment: ExperimentReport | null;
  readonly budget: BudgetWindow | null;
}

async function show(
  host: CommandHost,
  flags: TickFlags,
  { backend, llm }: Setup,
  { result, records, experiment, budget }: Played,
): Promise<void> {
  const world = await loadWorld();
  const output = await writeOutput(result, host.outputDirectory, host.cwd);
  if (flags.json) {
    const ids = PROVIDERS.map(({ id }) => id);
    host.stdout.write(
      `${JSON.stringify({ ...jsonReport(result, { records, providers: ids, backend: backend.kind, output, budget }), experiment }, null, 2)}\n`,
    );
    return;
  }
  const { calls, lost, durationMs, budgetMs } = result;
  const served = `${calls - lost.length} of ${calls} calls served in ${formatElapsed(durationMs)}`;
  const lines = [
    "",
    ...resultTable(records, NAMES),
    "",
    `${served} (budget ${formatElapsed(budgetMs)}), ${lost.length === 0 ? "none" : lost.length} lost.`,
    ...(budget === null ? [] : [budgetLine(budget)]),
    ...summaryLines(result, world),
    ...lossLines(result, world),
    ...(experiment === null ? [] : ["", ...experimentLines(experiment), ""]),
    `Complete output: ${output}`,
    ...(llm.records === null ? [] : [`Records of the calls: ${llm.records.location}`]),
  ];
  host.stdout.write(lines.map((line) => `${line}\n`).join(""));
}
