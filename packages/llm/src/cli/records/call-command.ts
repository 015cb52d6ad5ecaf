import type { Attempt, CallRecord } from "@babylon/llm-core";
import { formatDuration } from "@babylon/llm-core/status";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { costOrUnknown, formatCost } from "../output/format-cost.ts";
import { formatTable } from "../output/format-table.ts";
import { openCliRecords } from "./open-cli-records.ts";

/** Prints one call with its attempts. Its prompt and answer are printed with `--content` only. */
export const callCommand: Command = async (context) => {
  const { operands, flags, json, print } = context;
  const [id = ""] = operands;
  const records = await openCliRecords(context);
  try {
    const found = await records.call(id);
    if (found === null) {
      if (json) print.json({ ok: false, error: { code: "not_found", message: `no call ${id}` } });
      else print.note(`no call ${id} in ${records.location}`);
      return EXIT.failed;
    }
    const { content, ...rest } = found;
    const call = flags.has("content") && content !== undefined ? { ...rest, content } : rest;
    if (json) print.json({ ok: true, call });
    else print.lines(...toLines(call, context));
    if (flags.has("content") && content === undefined) {
      print.note("prompt and answer are not stored: the client has no recordContent, or their retention is over");
    }
    return EXIT.ok;
  } finally {
    await records.close();
  }
};

/** From the start to the cost. */
const isNumber = (column: number): boolean => column >= 5 && column <= 9;

function toLines(call: CallRecord, { print: { styles } }: CommandContext): string[] {
  const { callId, startedAt, durationMs, outcome, error, agent, tenant, purpose, attempts, warnings, content } = call;
  const cost = call.cost === undefined ? [] : [costOrUnknown(call.cost.nanoUsd)];
  const names = Object.entries({ agent, tenant, purpose }).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${value}`],
  );
  const state = outcome === "success" ? styles.good(outcome) : styles.bad(outcome);
  const header = [
    "#",
    "why",
    "provider",
    "model",
    "outcome",
    "start",
    "time",
    "first token",
    "input + output",
    "cost",
    "request id",
  ];
  return [
    [styles.bold(callId), new Date(startedAt).toISOString(), state, formatDuration(durationMs), ...cost].join("  "),
    ...(names.length === 0 ? [] : [names.join(", ")]),
    ...(error === undefined ? [] : [styles.bad(`${error.code}: ${error.message}`)]),
    "",
    ...formatTable([header, ...attempts.map((attempt) => toRow(attempt, startedAt))], isNumber),
    ...attempts.flatMap(({ number, error: failure }) =>
      failure === undefined ? [] : [styles.dim(`#${number} ${failure.code}: ${failure.message}`)],
    ),
    ...(warnings.length === 0 ? [] : ["", ...warnings]),
    ...(content === undefined ? [] : ["", JSON.stringify(content, null, 2)]),
  ];
}

function toRow(attempt: Attempt, callStartedAt: number): string[] {
  const { number, kind, provider, model, outcome, startedAt, durationMs, firstTokenMs, usage, cost, requestId } =
    attempt;
  return [
    String(number),
    kind,
    provider,
    model,
    attempt.error === undefined ? outcome : `${outcome} (${attempt.error.code})`,
    `+${formatDuration(startedAt - callStartedAt)}`,
    formatDuration(durationMs),
    firstTokenMs === null ? "-" : formatDuration(firstTokenMs),
    usage === undefined ? "?" : `${usage.inputTokens ?? "?"} + ${usage.outputTokens ?? "?"}`,
    formatCost(cost?.nanoUsd),
    requestId ?? "-",
  ];
}
