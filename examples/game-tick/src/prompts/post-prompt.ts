import type { Character, World } from "../world/world.ts";
import { describeCharacter, describeFeed, describeMarket } from "./describe.ts";

/** Prompt for a post by one character. */
export function postPrompt(world: World, character: Character): string {
  return `You are ${describeCharacter(character)}

The questions the city bets on:
${describeMarket(world)}

The last of ${world.setting.feed}:
${describeFeed(world, 12)}

Write your next post in ${world.setting.feed}: one or two sentences, at most 280 characters, in your own voice, about one of the
questions. Say something that only you would say. Give its text, the id of the question it is about, and your mood about that
question: "confident", "worried", "amused" or "furious".`;
}
