import type { LostCall } from "../tick/tick-event.ts";
import type { TickResult } from "../tick/tick-result.ts";
import type { World } from "../world/world.ts";
import { oneLine } from "./one-line.ts";

/** Names of characters that are told before "and 51 more". */
const MOST_NAMES = 10;

/**
 * What was lost, in words: a line for each lost call with what came of each provider, the characters left out, and then what the
 * providers said, each thing once. Empty when nothing was lost.
 */
export function lossLines({ lost, undecided }: TickResult, world: World): string[] {
  const calls = lost.map((call) => `LOST ${call.what} (${call.code ?? "unknown"}): ${whatCame(call)}`);
  const said = new Set(
    lost.flatMap(({ attempts }) =>
      attempts.map(({ provider, code, message }) => `  ${provider} ${code}: ${oneLine(message)}`),
    ),
  );
  // When the batch itself was lost, its own line says it already.
  const batchLost = lost.some(({ stage }) => stage === "decisions");
  return [...calls, ...(batchLost ? [] : undecidedLines(undecided, world)), ...said];
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
