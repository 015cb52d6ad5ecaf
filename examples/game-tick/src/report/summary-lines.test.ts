import { expect, test } from "vitest";
import type { TickResult } from "../tick/tick-result.ts";
import { loadWorld } from "../world/load-world.ts";
import { summaryLines } from "./summary-lines.ts";

const world = await loadWorld();
const source = { callId: "c", provider: "groq", model: "m" };
const decision = { question: "goat", side: "yes", shares: 3, filledShares: 3, reason: "Why not." } as const;

const empty: TickResult = {
  id: "tick-1",
  seed: 1,
  startedAt: 0,
  durationMs: 1,
  budgetMs: 1,
  wandbModel: null,
  posts: [],
  decisions: [],
  undecided: [],
  decisionSource: null,
  articles: [],
  questions: [],
  agents: [],
  calls: 0,
  lost: [],
};

test("the count of each kind, with one example on a line", () => {
  const result: TickResult = {
    ...empty,
    posts: [
      {
        author: "hob-tunnicliffe",
        question: "thirteen",
        mood: "amused",
        text: "It is\n  the city\nthat errs.",
        source,
      },
    ],
    decisions: [
      { ...decision, characterId: "pip-sallow", action: "buy" },
      { ...decision, characterId: "rollo-cask", action: "buy" },
      { ...decision, characterId: "silas-hemp", action: "hold" },
    ],
    questions: [{ question: "Will it?", criteria: "If so.", closes: "Restday", yesPrice: 0.35, source }],
  };
  expect(summaryLines(result, world)).toEqual([
    "1 post, 3 decisions (2 buy, 0 sell, 1 hold), 0 articles, 1 new question, 0 agents",
    "  Hob Tunnicliffe: It is the city that errs.",
    "  New at 35 %: Will it?",
  ]);
});
