import type { Character, Post, Question, World } from "../world/world.ts";
import { describeCharacter, describeFeed, describeMarket, describeQuestion } from "./describe.ts";

/** First call of an agent: what it wants from this turn. */
export function planPrompt(world: World, character: Character): string {
  return `You act for ${describeCharacter(character)}

The questions:
${describeMarket(world)}

The last of ${world.setting.feed}:
${describeFeed(world, 10)}

In one sentence of at most 30 words: what do you want from this turn, and which question is it about?`;
}

/** Second call: one order, made out on a slip. */
export function tradePrompt(world: World, character: Character, plan: string | null): string {
  return `You act for ${describeCharacter(character)}
${plan === null ? "" : `Your plan: ${plan}\n`}
The questions:
${describeMarket(world)}

Answer with one line and nothing else, in one of these forms:
BUY <shares> YES <question>
BUY <shares> NO <question>
SELL <shares> YES <question>
SELL <shares> NO <question>
HOLD
<question> is the id in brackets. Do not spend more than the cash, or sell more than is held.`;
}

/** Third call: a reply to somebody's post. */
export function replyPrompt(
  world: World,
  character: Character,
  post: Post,
  question: Question,
  plan: string | null,
): string {
  const author = world.characters.find((one) => one.id === post.author);
  return `You act for ${describeCharacter(character)}
${plan === null ? "" : `Your plan: ${plan}\n`}
${author?.name ?? post.author} wrote in ${world.setting.feed}: ${post.text}
That is about ${describeQuestion(question)}

Write the reply in the character's own voice: one sentence, at most 200 characters, without quotation marks around it.`;
}
