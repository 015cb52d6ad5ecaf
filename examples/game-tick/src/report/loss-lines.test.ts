import { expect, test } from "vitest";
import type { LostCall } from "../tick/tick-event.ts";
import type { TickResult } from "../tick/tick-result.ts";
import { loadWorld } from "../world/load-world.ts";
import { lossLines } from "./loss-lines.ts";

const world = await loadWorld();
const everybody = world.characters.map((character) => character.id);

function tick(lost: readonly LostCall[], undecided: readonly string[] = []): TickResult {
  return {
    id: "tick-1",
    seed: 1,
    startedAt: 0,
    durationMs: 1,
    budgetMs: 1,
    wandbModel: null,
    posts: [],
    decisions: [],
    decisionSource: null,
    undecided,
    articles: [],
    questions: [],
    agents: [],
    calls: 1,
    lost,
  };
}

const overloaded = { provider: "wandb", code: "overloaded", message: "W&B answered 503:\nbusy" } as const;
const timeout = { provider: "groq", code: "timeout", message: "Groq: no answer within 2000 ms" } as const;
const post: LostCall = {
  callId: "c",
  stage: "posts",
  what: "post by Pip",
  code: "all_failed",
  message: "every link failed",
  attempts: [overloaded, overloaded, timeout, overloaded],
};

test("without failed calls there are no lines", () => {
  expect(lossLines(tick([]), world)).toEqual([]);
});

test("one line per call, with repeated attempts counted and each provider message once", () => {
  expect(lossLines(tick([post, { ...post, what: "post by Rollo" }]), world)).toEqual([
    "LOST post by Pip (all_failed): wandb overloaded x2, groq timeout, wandb overloaded",
    "LOST post by Rollo (all_failed): wandb overloaded x2, groq timeout, wandb overloaded",
    "  wandb overloaded: W&B answered 503: busy",
    "  groq timeout: Groq: no answer within 2000 ms",
  ]);
});

test("calls with the same failure share one line", () => {
  const posts = ["Pip", "Rollo", "Wren", "Ombra"].map((name) => ({ ...post, what: `post by ${name}` }));
  const late: LostCall = { ...post, what: "article on fog", code: "deadline", attempts: [timeout] };
  const batch: LostCall = { ...post, stage: "decisions", what: "all decisions" };
  expect(lossLines(tick([...posts, late, batch]), world)).toEqual([
    "LOST all decisions (all_failed): wandb overloaded x2, groq timeout, wandb overloaded",
    "LOST 4 calls (all_failed): wandb overloaded x2, groq timeout, wandb overloaded",
    "LOST article on fog (deadline): groq timeout",
    "  wandb overloaded: W&B answered 503: busy",
    "  groq timeout: Groq: no answer within 2000 ms",
  ]);
});

test("failures that differ only in the wait share one line; another status has its own", () => {
  const after = (ms: number) => ({ ...timeout, message: `Groq: no answer within ${ms} ms` });
  const broken = { ...overloaded, message: "W&B answered 500" };
  const calls = [after(4_439), after(4_402)].map((attempt) => ({ ...post, attempts: [attempt, overloaded, broken] }));
  expect(lossLines(tick(calls), world).slice(2)).toEqual([
    "  groq timeout: Groq: no answer within 4439 ms",
    "  wandb overloaded: W&B answered 503: busy",
    "  wandb overloaded: W&B answered 500",
  ]);
});

test("a call without a request has the message of its error", () => {
  const late: LostCall = { ...post, code: "deadline", message: "the time\nis up", attempts: [] };
  expect(lossLines(tick([late, { ...late, code: null, message: "odd" }]), world)).toEqual([
    "LOST post by Pip (deadline): the time is up",
    "LOST post by Pip (unknown): odd",
  ]);
});

test("the first ten characters without a decision are named", () => {
  expect(lossLines(tick([], ["pip-sallow", "rollo-cask"]), world)).toEqual(["UNDECIDED: Pip Sallow, Rollo Cask"]);
  expect(lossLines(tick([], everybody), world)[0]).toMatch(/^UNDECIDED: Ombra Keel, .* and 54 more$/);
});

test("a failed batch is one line, without the names", () => {
  const batch: LostCall = { ...post, stage: "decisions", what: "all decisions", message: "no", attempts: [] };
  expect(lossLines(tick([batch], everybody), world)).toEqual(["LOST all decisions (all_failed): no"]);
});
