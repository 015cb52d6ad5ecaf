import { expect, test } from "vitest";
import { parseTrade, type Trade } from "./parse-trade.ts";

const questions = new Set(["goat", "ferry"]);
const buy: Trade = { action: "buy", shares: 25, side: "yes", question: "goat" };

test.each<[string, string, Trade | null]>([
  ["as asked", "BUY 25 YES goat", buy],
  ["in brackets", "BUY 25 YES [goat]", buy],
  ["in other words", "I would buy 25 shares of yes on goat.", buy],
  ["on a later line", "Here is my order:\n\nBUY 25 YES goat\n", buy],
  ["sell no", "sell 3 no ferry", { action: "sell", shares: 3, side: "no", question: "ferry" }],
  ["hold", "HOLD", { action: "hold" }],
  ["hold in a sentence", "We hold, and wait.", { action: "hold" }],
  ["the first order counts", "BUY 25 YES goat\nSELL 3 NO ferry", buy],
  ["a question nobody opened", "BUY 25 YES moon", null],
  ["no shares", "BUY 0 YES goat", null],
  ["no order", "Markets are a state of mind.", null],
  ["nothing", "", null],
])("%s", (_, text, trade) => {
  expect(parseTrade(text, questions)).toEqual(trade);
});
