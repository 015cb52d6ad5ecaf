import type { Character, Post, Question, World } from "../world/world.ts";

/** A price as a percentage: `34 %`. */
export const percent = (price: number): string => `${Math.round(price * 100)} %`;

/** One question on a line, with its odds. */
export function describeQuestion(question: Question): string {
  return `[${question.id}] ${question.text} Yes stands at ${percent(question.yesPrice)}; decided ${question.closes}.`;
}

/** A character's bets on a line. */
export function describePositions(character: Character): string {
  if (character.positions.length === 0) return "no bets";
  return character.positions
    .map(({ question, side, shares, price }) => `${shares} ${side} on ${question} at ${price.toFixed(2)}`)
    .join(", ");
}

/** A character on two lines: name and personality, then cash and positions. */
export function describeCharacter(character: Character): string {
  return [
    `${character.name}, ${character.role}. ${character.personality}`,
    `Holds ${character.cash} in cash; ${describePositions(character)}.`,
  ].join("\n");
}

/** Every open question, a line each. */
export function describeMarket(world: World): string {
  return world.questions.map(describeQuestion).join("\n");
}

/** The last posts, oldest first, a line each. */
export function describeFeed(world: World, count: number = world.posts.length): string {
  const names = new Map(world.characters.map(({ id, name }) => [id, name]));
  const line = (post: Post): string =>
    `${names.get(post.author) ?? post.author} (${post.minutesAgo} min ago): ${post.text}`;
  return world.posts.slice(-count).map(line).join("\n");
}
