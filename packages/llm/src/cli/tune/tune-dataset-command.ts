import { resolve } from "node:path";
import { textFlag, wholeFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { openCliRecords } from "../records/open-cli-records.ts";
import { sinceFlag, whereFlag } from "../records/read-records-flags.ts";
import { openCliJournal } from "./open-cli-tuning.ts";

/** Makes a dataset from the records and writes it into a folder. */
export const tuneDatasetCommand: Command = async (context) => {
  const { flags, operands, host, json, print } = context;
  const allowSources = (textFlag(flags, "allow") ?? "").split(",").filter((id) => id !== "");
  if (allowSources.length === 0) {
    throw new UsageError(
      "--allow is missing: the providers whose answers may be trained on, by their terms; such as --allow wandb,groq",
    );
  }
  const where = whereFlag(flags);
  const from = await sinceFlag(flags, { fallback: "365d", nowEpochMs: host.clock.now() });
  const limits = {
    maxTokens: wholeFlag(flags, "max-tokens", 1),
    minExamples: wholeFlag(flags, "min-examples", 1),
  };
  const folder = resolve(host.cwd, operands[0] ?? "");
  const split = splitFlags(context);
  const { buildDataset } = await import("@babylon/tuning");
  const records = await openCliRecords(context);
  try {
    const { abortSignal } = host;
    await using dataset = await buildDataset(records.read({ where, from }), {
      allowSources,
      split,
      limits,
      abortSignal,
    });
    await dataset.write(folder);
    const { report } = dataset;
    // So that the console shows it before a job uses it.
    const journal = await openCliJournal(context);
    try {
      await journal.addDataset({ folder, atEpochMs: host.clock.now(), report });
    } finally {
      await journal.close();
    }
    if (json) {
      print.json({ ok: true, folder, report });
      return EXIT.ok;
    }
    const { bold, dim } = print.styles;
    print.lines(
      `${bold(`${report.train.lines} examples`)} for training, ${report.test.lines} held out, of ${report.seen} calls, in ${folder}`,
      ...rows("left out", report.dropped).map(dim),
      ...rows("masked", report.masked).map(dim),
    );
    return EXIT.ok;
  } finally {
    await records.close();
  }
};

function splitFlags({ flags }: CommandContext): { readonly test: number; readonly seed: string } {
  const text = textFlag(flags, "test") ?? "0.1";
  const test = /^0?\.\d{1,6}$|^0$/.test(text) ? Number(text) : Number.NaN;
  if (!(test >= 0)) throw new UsageError(`--test: expected a share from 0 to below 1, got "${text}"`);
  return { test, seed: textFlag(flags, "seed") ?? "babylon" };
}

const rows = (what: string, counts: Readonly<Record<string, number>>): readonly string[] => {
  const known = Object.entries(counts).filter(([, count]) => count > 0);
  return known.length === 0 ? [] : [`${what}: ${known.map(([name, count]) => `${name} ${count}`).join(", ")}`];
};
