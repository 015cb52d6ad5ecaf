import type { LLMError } from "../errors/llm-error.ts";
import type { ChainLink } from "../plan/plan-chain.ts";
import type { LinkName } from "../stream/stream-event.ts";
import { showAndWait } from "../stream/watcher.ts";
import { interrupted } from "./chain-errors.ts";
import { canContinue } from "./shown-text.ts";
import { linkAt, type Walk } from "./walk.ts";

/** Why and where an answer of which something was shown goes on. */
export interface Break {
  readonly error: LLMError;
  /** The link whose text broke off. */
  readonly from: LinkName;
  /** Pieces of a tool call had come: nothing can go on from there. */
  readonly toolParts: boolean;
}

/** Whether the reader of the walk can neither be told of a restart nor has to be: only a continuation will do. */
const mustContinue = ({ watcher, onInterrupted, shown }: Walk<unknown>): boolean =>
  shown.binds && onInterrupted === "continue" && !watcher.canRetract();

/**
 * Takes links that cannot go on from the text shown out of the chain, but for the one in turn, where the reader cannot take the text
 * back. To be called before the next step is chosen: it then counts the links that are left.
 */
export function keepUsableLinks(walk: Walk<unknown>): void {
  if (!mustContinue(walk)) return;
  const { links, index, shown } = walk;
  const turn = linkAt(walk, index);
  const usable = links.filter((link) => link === turn || canContinue(link, shown.text));
  links.splice(0, links.length, ...usable);
  walk.index = links.indexOf(turn);
}

/** Whether a link that refused to go on from a text may be asked again, clean. */
export function mayStartClean({ watcher }: Walk<unknown>): boolean {
  return watcher.canRetract();
}

/**
 * Decides how the attempt on the next link goes on from what was shown: from its text, or clean, and then the reader is told that the
 * text is void. Throws `interrupted` where the reader cannot be told.
 */
export async function resumeOn(walk: Walk<unknown>, to: ChainLink, { error, from, toolParts }: Break): Promise<void> {
  const { call, shown, watcher, onInterrupted } = walk;
  if (!shown.binds) return;
  const continues = onInterrupted === "continue" && !toolParts && !shown.hasToolCalls && canContinue(to, shown.text);
  if (continues) shown.continueFrom(from);
  else if (watcher.canRetract()) await showAndWait(watcher, shown.restart(from, to));
  else throw interrupted(call, shown.brokenBy ?? error, shown.text);
}
