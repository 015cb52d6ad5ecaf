import { expect, test } from "vitest";
import { loadWorld } from "../world/load-world.ts";
import type { Character, World } from "../world/world.ts";
import { fillOrder } from "./fill-order.ts";
import type { Order } from "./order.ts";

const world: World = {
  ...(await loadWorld()),
  questions: [{ id: "goat", text: "Goat?", criteria: "Goat.", closes: "Restday", yesPrice: 0.75 }],
};
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

test.each<[string, Order["action"], number, Order["side"], string, number]>([
  ["a covered buy", "buy", 39, "yes", "goat", 39],
  ["a buy for all the cash", "buy", 40, "yes", "goat", 40],
  ["a buy beyond the cash", "buy", 41, "yes", "goat", 40],
  ["a buy of the cheap side", "buy", 500, "no", "goat", 120],
  ["a partial sale", "sell", 3, "yes", "goat", 3],
  ["a sale of more than is held", "sell", 99, "yes", "goat", 15],
  ["a sale of what is not held", "sell", 1, "no", "goat", 0],
  ["a hold with a number of shares", "hold", 7, "yes", "goat", 0],
  ["a question that is not open", "buy", 7, "no", "ferry", 0],
])("%s", (_, action, shares, side, question, filled) => {
  expect(fillOrder(world, character, { action, shares, side, question })).toBe(filled);
});
