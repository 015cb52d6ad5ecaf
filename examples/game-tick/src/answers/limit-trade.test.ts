import { expect, test } from "vitest";
import type { Character, Question } from "../world/world.ts";
import { limitTrade } from "./limit-trade.ts";
import type { Trade } from "./parse-trade.ts";

const question: Question = { id: "goat", text: "Goat?", criteria: "Goat.", closes: "Restday", yesPrice: 0.75 };
const character: Character = {
  id: "pip",
  name: "Pip",
  role: "page",
  personality: "Young.",
  cash: 30,
  positions: [
    { question: "goat", side: "yes", shares: 10, price: 0.5 },
    { question: "goat", side: "yes", shares: 5, price: 0.6 },
    { question: "ferry", side: "no", shares: 99, price: 0.5 },
  ],
};

const order = (action: "buy" | "sell", shares: number, side: "yes" | "no"): Trade => ({
  action,
  shares,
  side,
  question: "goat",
});

test.each<[string, Trade, Trade]>([
  ["a covered buy", order("buy", 40, "yes"), order("buy", 40, "yes")],
  ["a buy beyond the cash", order("buy", 41, "yes"), order("buy", 40, "yes")],
  ["a buy of the cheap side", order("buy", 500, "no"), order("buy", 120, "no")],
  ["a sale of all", order("sell", 99, "yes"), order("sell", 15, "yes")],
  ["a sale of what is not held", order("sell", 1, "no"), { action: "hold" }],
  ["an order of nothing", order("buy", 0, "yes"), { action: "hold" }],
  ["a hold", { action: "hold" }, { action: "hold" }],
])("%s", (_, trade, limited) => {
  expect(limitTrade(character, question, trade)).toEqual(limited);
});
