import type { World } from "../world/world.ts";
import { describeFeed } from "./describe.ts";

/** Asks for one new question; `fresh` are those this tick has opened already. */
export function questionPrompt(world: World, fresh: readonly { readonly text: string }[]): string {
  const open = [...world.questions, ...fresh].map((question) => `- ${question.text}`).join("\n");
  return `The Wager Hall opens a new question. These are open already:
${open}

The last of ${world.setting.feed}:
${describeFeed(world, 15)}

Propose one question that is not there yet and that people in this city would argue about. It must be answered yes or no within
the week, by something that anybody can see. Give its "text" (one sentence ending in a question mark), its "criteria" (how it is
decided, with one loophole closed), the day on which it "closes" (one of ${world.setting.week.join(", ")}) and its opening
"yesPrice", a number from 0.05 to 0.95.`;
}
