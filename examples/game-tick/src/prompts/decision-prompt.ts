import type { Character, World } from "../world/world.ts";
import { describeCharacter, describeFeed, describeMarket } from "./describe.ts";

/** Prompt for the decisions of all characters in one batch. */
export function decisionPrompt(world: World, characters: readonly Character[]): string {
  const people = characters.map((character) => `[${character.id}] ${describeCharacter(character)}`).join("\n\n");
  return `It is time to trade. The open questions:
${describeMarket(world)}

The last of ${world.setting.feed}, oldest first:
${describeFeed(world)}

The traders, ${characters.length} of them:

${people}

Decide for each of the ${characters.length} traders what they do now, as they would and not as you would. For each give the id of
the trader ("characterId"), "action" (buy, sell or hold), the id of the "question" it is about (the one they watch, when they hold),
the "side" (yes or no), the number of "shares" (0 when they hold; nobody spends more than their cash or sells more than they
have), and the "reason" in one short sentence in their own voice. Leave nobody out and name nobody twice.`;
}
