import type { World } from "../world/world.ts";
import { describeFeed } from "./describe.ts";

/** Prompt for one new question; `fresh` are the questions that this tick has opened already. */
export function questionPrompt(world: World, fresh: readonly string[]): string {
  const open = [...world.questions.map((question) => question.text), ...fresh].map((text) => `- ${text}`).join("\n");
  return `The Wager Hall opens a new question. These are open already:
${open}

The last of ${world.setting.feed}:
${describeFeed(world, 15)}

Propose one question that is not there yet and that people in this city would argue about. It must be answered yes or no within
the week, by something that anybody can see. Give the "question" (one sentence ending in a question mark), the "criteria" (how it is
decided, with one loophole closed), the day on which it "closes" (one of ${world.setting.week.join(", ")}) and its opening
"yesPrice", a number from 0.05 to 0.95.`;
}
