import type { TickResult } from "../tick/tick-result.ts";
import type { World } from "../world/world.ts";

/** What a tick produced, in a few lines: how much of each, a taste of it, and what was lost. */
export function summaryLines(result: TickResult, world: World): string[] {
  return [producedLine(result), ...tasteLines(result, world), ...lossLines(result, world)];
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

/** Each lost call and each character left out, in words. Empty when nothing was lost. */
function lossLines({ lost, undecided }: TickResult, world: World): string[] {
  const names = new Map(world.characters.map(({ id, name }) => [id, name]));
  const calls = lost.map(({ what, code, message }) => `LOST ${what} (${code ?? "unknown"}): ${oneLine(message)}`);
  // When the batch itself was lost, that says it already.
  if (undecided.length === 0 || lost.some(({ stage }) => stage === "decisions")) return calls;
  return [...calls, `UNDECIDED: ${undecided.map((id) => names.get(id) ?? id).join(", ")}`];
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
