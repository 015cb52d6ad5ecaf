import type { LLMError } from "../errors/llm-error.ts";
import type { ChainLink } from "../plan/plan-chain.ts";
import type { LinkName } from "../stream/stream-event.ts";
import { showAndWait } from "../stream/watcher.ts";
import { interruptedError } from "./chain-errors.ts";
import { canContinue } from "./committed-output.ts";
import { linkAt, type Walk } from "./walk.ts";

/** Where and why a committed answer broke off. */
export interface Break {
  readonly error: LLMError;
  /** The link whose text broke off. */
  readonly from: LinkName;
  /** Parts of a tool call had arrived: no link can continue from there. */
  readonly toolParts: boolean;
}

/** Whether only a continuation is possible, because the reader cannot process a restart. */
const mustContinue = ({ watcher, onInterrupted, output }: Walk<unknown>): boolean =>
  output.isCommitted && onInterrupted === "continue" && !watcher.canRetract();

/**
 * If only a continuation is possible, removes the links that cannot continue the text, except the current one. To be called before
 * `nextStep`, which counts the remaining links.
 */
export function keepUsableLinks(walk: Walk<unknown>): void {
  if (!mustContinue(walk)) return;
  const { links, index, output } = walk;
  const turn = linkAt(walk, index);
  const usable = links.filter((link) => link === turn || canContinue(link, output.text));
  walk.links = usable;
  walk.index = usable.indexOf(turn);
}

/** Whether a link that refused to continue a text may be tried again with a restart. */
export function mayStartClean({ watcher }: Walk<unknown>): boolean {
  return watcher.canRetract();
}

/**
 * Decides how the next attempt continues a committed answer: from its text, or with a restart, of which the reader gets an event. Throws
 * `interrupted` if the reader cannot process a restart.
 */
export async function resumeOn(walk: Walk<unknown>, to: ChainLink, { error, from, toolParts }: Break): Promise<void> {
  const { call, output, watcher, onInterrupted } = walk;
  if (!output.isCommitted) return;
  const continues = onInterrupted === "continue" && !toolParts && !output.hasToolCalls && canContinue(to, output.text);
  if (continues) output.continueFrom(from);
  else if (watcher.canRetract()) await restartOn(walk, from, to);
  else throw interruptedError(call, output.brokenBy ?? error, output.text);
}

/** Starts the answer of a stream anew: reader and observers get an event. */
export function restartOn({ output, watcher, observed }: Walk<unknown>, from: LinkName, to: LinkName): Promise<void> {
  const discardedChars = output.text.length;
  const event = output.restart(from, to);
  if (event.type === "restart") observed.restart({ from: event.from, to: event.to, discardedChars });
  return showAndWait(watcher, event);
}
