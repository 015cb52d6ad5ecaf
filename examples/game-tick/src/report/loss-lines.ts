import type { LostCall } from "../tick/tick-event.ts";
import type { TickResult } from "../tick/tick-result.ts";
import type { World } from "../world/world.ts";
import { oneLine } from "./one-line.ts";

/** Names of characters that are told before "and 51 more". */
const MOST_NAMES = 10;

/** Calls lost in one and the same way that are told one by one; the names of more went by while the tick ran. */
const MOST_ALIKE = 3;

/**
 * What was lost, in words: a line for each lost call with what came of each provider, one line in all for many that were lost alike,
 * the characters left out, and then what the providers said, each thing once. Empty when nothing was lost.
 */
export function lossLines({ lost, undecided }: TickResult, world: World): string[] {
  // When the batch itself was lost, its own line says it already.
  const batchLost = lost.some(({ stage }) => stage === "decisions");
  return [...callLines(lost), ...(batchLost ? [] : undecidedLines(undecided, world)), ...causeLines(lost)];
}

/** What the providers said, each thing once, however long was waited for it. */
function causeLines(lost: readonly LostCall[]): string[] {
  const said = lost.flatMap(({ attempts }) =>
    attempts.map(({ provider, code, message }) => `  ${provider} ${code}: ${oneLine(message)}`),
  );
  const firsts = new Map<string, string>();
  for (const line of said) {
    const kind = line.replace(/\d+ ms/g, "# ms");
    if (!firsts.has(kind)) firsts.set(kind, line);
  }
  return [...firsts.values()];
}

/** The batch of decisions stands for all characters, so it keeps a line of its own. */
function callLines(lost: readonly LostCall[]): string[] {
  const alike = Map.groupBy(lost, (call) => `(${call.code ?? "unknown"}): ${whatCame(call)}`);
  return [...alike].flatMap(([how, group]) => {
    if (group.length <= MOST_ALIKE) return group.map(({ what }) => `LOST ${what} ${how}`);
    const batches = group.filter(({ stage }) => stage === "decisions");
    return [...batches.map(({ what }) => `LOST ${what} ${how}`), `LOST ${group.length - batches.length} calls ${how}`];
  });
}

/** `wandb overloaded x3, groq timeout`; the error's own words where no request was made. */
function whatCame({ attempts, message }: LostCall): string {
  const runs: { readonly what: string; count: number }[] = [];
  for (const { provider, code } of attempts) {
    const what = `${provider} ${code}`;
    const last = runs.at(-1);
    if (last?.what === what) last.count += 1;
    else runs.push({ what, count: 1 });
  }
  if (runs.length === 0) return oneLine(message);
  return runs.map(({ what, count }) => (count === 1 ? what : `${what} x${count}`)).join(", ");
}

function undecidedLines(undecided: readonly string[], world: World): string[] {
  if (undecided.length === 0) return [];
  const names = new Map(world.characters.map(({ id, name }) => [id, name]));
  const told = undecided.slice(0, MOST_NAMES).map((id) => names.get(id) ?? id);
  const more = undecided.length - told.length;
  return [`UNDECIDED: ${told.join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
}
