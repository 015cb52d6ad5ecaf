import type { TickResult } from "../tick/tick-result.ts";
import type { World } from "../world/world.ts";
import { oneLine } from "./one-line.ts";

/** The products of a tick in a few lines: the count of each kind, with an example. */
export function summaryLines(result: TickResult, world: World): string[] {
  return [producedLine(result), ...tasteLines(result, world)];
}

function producedLine({ posts, decisions, articles, questions, agents }: TickResult): string {
  const actions = (["buy", "sell", "hold"] as const)
    .map((action) => `${decisions.filter((decision) => decision.action === action).length} ${action}`)
    .join(", ");
  return [
    counted(posts.length, "post"),
    `${counted(decisions.length, "decision")} (${actions})`,
    counted(articles.length, "article"),
    counted(questions.length, "new question"),
    counted(agents.length, "agent"),
  ].join(", ");
}

function tasteLines({ posts, questions }: TickResult, world: World): string[] {
  const [post] = posts;
  const [question] = questions;
  const author = world.characters.find((character) => character.id === post?.author);
  return [
    ...(post === undefined ? [] : [`  ${author?.name ?? post.author}: ${oneLine(post.text)}`]),
    ...(question === undefined
      ? []
      : [`  New at ${Math.round(question.yesPrice * 100)} %: ${oneLine(question.question)}`]),
  ];
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
