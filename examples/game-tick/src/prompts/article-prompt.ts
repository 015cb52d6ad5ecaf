import type { Decision } from "../answers/order.ts";
import type { Character, Question, World } from "../world/world.ts";
import { percent } from "./describe.ts";

/** Prompt for a report on one question by a writer of the newspaper, with the latest trades. */
export function articlePrompt(
  world: World,
  writer: Character,
  question: Question,
  decisions: readonly Decision[],
): string {
  return `You are ${writer.name}, ${writer.role}. ${writer.personality}

Write the report for ${world.setting.newspaper} on this question: ${question.text}
How it is decided: ${question.criteria}
Decided: ${question.closes}. Yes stands at ${percent(question.yesPrice)}.

What people say:
${saidAbout(world, question)}

What the floor has just done:
${doneAbout(world, question, decisions)}

The headline on the first line, alone, at most 90 characters. Then an empty line, then two short paragraphs. Report what is above
and make up no facts that it rules out.`;
}

function saidAbout(world: World, question: Question): string {
  const names = new Map(world.characters.map(({ id, name }) => [id, name]));
  const said = world.posts.filter((post) => post.question === question.id);
  return said.map((post) => `${names.get(post.author)}: ${post.text}`).join("\n") || "Nobody has said a word.";
}

function doneAbout(world: World, question: Question, decisions: readonly Decision[]): string {
  const names = new Map(world.characters.map(({ id, name }) => [id, name]));
  const trades = decisions.filter((decision) => decision.question === question.id && decision.action !== "hold");
  const line = (trade: Decision): string =>
    `${names.get(trade.characterId)} ${trade.action === "buy" ? "bought" : "sold"} ${trade.shares} ${trade.side}: ${trade.reason}`;
  return trades.slice(0, 6).map(line).join("\n") || "No trades.";
}
