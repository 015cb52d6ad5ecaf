import type { Character, Question } from "../world/world.ts";
import type { Trade } from "./parse-trade.ts";

/**
 * Holds an order to what the character can pay or has: the Hall fills what is covered and tears up the rest. An order of which
 * nothing is left is a hold.
 */
export function limitTrade(character: Character, question: Question, trade: Trade): Trade {
  if (trade.action === "hold") return trade;
  const { action, side } = trade;
  const price = side === "yes" ? question.yesPrice : 1 - question.yesPrice;
  const most = action === "buy" ? Math.floor(character.cash / price) : held(character, question.id, side);
  const shares = Math.min(trade.shares, most);
  return shares === 0 ? { action: "hold" } : { ...trade, shares };
}

function held(character: Character, question: string, side: "yes" | "no"): number {
  return character.positions
    .filter((position) => position.question === question && position.side === side)
    .reduce((sum, position) => sum + position.shares, 0);
}
