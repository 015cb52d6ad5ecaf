import type { Character, Post, World } from "../world/world.ts";
import { describeCharacter, describeFeed, describeMarket, describeQuestion } from "./describe.ts";

/** Prompt of an agent's first call: its plan for this turn. */
export function planPrompt(world: World, character: Character): string {
  return `You act for ${describeCharacter(character)}

The questions:
${describeMarket(world)}

The last of ${world.setting.feed}:
${describeFeed(world, 10)}

In one sentence of at most 30 words: what do you want from this turn, and which question is it about?`;
}

/** Prompt of the second call: one order. */
export function tradePrompt(world: World, character: Character, plan: string | null): string {
  return `You act for ${describeCharacter(character)}
${plan === null ? "" : `Your plan: ${plan}\n`}
The questions:
${describeMarket(world)}

Give one order: "action" (buy, sell or hold), the id of the "question" it is about, the "side" (yes or no), the number of "shares"
(0 for a hold; do not spend more than the cash or sell more than is held), and the "reason" in one short sentence.`;
}

/** Prompt of the third call: a reply to a post, or a new post if there is none. */
export function replyPrompt(world: World, character: Character, post: Post | undefined, plan: string | null): string {
  return `You act for ${describeCharacter(character)}
${plan === null ? "" : `Your plan: ${plan}\n`}
${post === undefined ? `${world.setting.feed} is silent.` : describePost(world, post)}

Write what the character answers, in its own voice: one sentence, at most 200 characters, without quotation marks around it.`;
}

function describePost(world: World, post: Post): string {
  const author = world.characters.find((one) => one.id === post.author);
  const question = world.questions.find((one) => one.id === post.question);
  const said = `${author?.name ?? post.author} wrote in ${world.setting.feed}: ${post.text}`;
  return question === undefined ? said : `${said}\nThat is about ${describeQuestion(question)}`;
}
