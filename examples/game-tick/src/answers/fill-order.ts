import type { Character, World } from "../world/world.ts";
import type { Order } from "./order.ts";

/**
 * The number of shares for which an order is filled: at most as many as the character can pay for or holds. An order about a question
 * that is not open gets none.
 */
export function fillOrder(world: World, character: Character, order: Order): number {
  const question = world.questions.find((one) => one.id === order.question);
  if (order.action === "hold" || question === undefined) return 0;
  const price = order.side === "yes" ? question.yesPrice : 1 - question.yesPrice;
  const most = order.action === "buy" ? Math.floor(character.cash / price) : held(character, question.id, order.side);
  return Math.min(order.shares, most);
}

function held(character: Character, question: string, side: "yes" | "no"): number {
  return character.positions
    .filter((position) => position.question === question && position.side === side)
    .reduce((sum, position) => sum + position.shares, 0);
}
