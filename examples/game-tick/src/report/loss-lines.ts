import type { LostCall } from "../tick/tick-event.ts";
import type { TickResult } from "../tick/tick-result.ts";
import type { World } from "../world/world.ts";
import { oneLine } from "./one-line.ts";

/** Names of characters that are listed before "and 51 more". */
const MOST_NAMES = 10;

/** The maximum of calls with equal failures that are listed one by one. */
const MOST_ALIKE = 3;

/**
 * The losses of a tick: a line for each lost call with the outcome of each provider, or one line for many equal failures, the characters
 * without a decision, then the distinct messages of the providers. Empty if nothing was lost.
 */
export function lossLines({ lost, undecided }: TickResult, world: World): string[] {
  // A lost batch has its own line.
  const batchLost = lost.some(({ stage }) => stage === "decisions");
  return [...callLines(lost), ...(batchLost ? [] : undecidedLines(undecided, world)), ...causeLines(lost)];
}

/** The distinct messages of the providers, ignoring durations. */
function causeLines(lost: readonly LostCall[]): string[] {
  const messages = lost.flatMap(({ attempts }) =>
    attempts.map(({ provider, code, message }) => `  ${provider} ${code}: ${oneLine(message)}`),
  );
  const firsts = new Map<string, string>();
  for (const line of messages) {
    const kind = line.replace(/\d+ ms/g, "# ms");
    if (!firsts.has(kind)) firsts.set(kind, line);
  }
  return [...firsts.values()];
}

/** The batch of decisions concerns all characters, so it has its own line. */
function callLines(lost: readonly LostCall[]): string[] {
  const alike = Map.groupBy(lost, (call) => `(${call.code ?? "unknown"}): ${whatCame(call)}`);
  return [...alike].flatMap(([how, group]) => {
    if (group.length <= MOST_ALIKE) return group.map(({ what }) => `LOST ${what} ${how}`);
    const batches = group.filter(({ stage }) => stage === "decisions");
    return [...batches.map(({ what }) => `LOST ${what} ${how}`), `LOST ${group.length - batches.length} calls ${how}`];
  });
}

/** `wandb overloaded x3, groq timeout`; the error's message if no request was made. */
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
  const listed = undecided.slice(0, MOST_NAMES).map((id) => names.get(id) ?? id);
  const more = undecided.length - listed.length;
  return [`UNDECIDED: ${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
}
