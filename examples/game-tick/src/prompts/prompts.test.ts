import { expect, test } from "vitest";
import { loadWorld } from "../world/load-world.ts";
import { planPrompt, replyPrompt, tradePrompt } from "./agent-prompts.ts";
import { articlePrompt } from "./article-prompt.ts";
import { decisionPrompt } from "./decision-prompt.ts";
import { postPrompt } from "./post-prompt.ts";
import { questionPrompt } from "./question-prompt.ts";
import { systemPrompt } from "./system-prompt.ts";

const world = await loadWorld();
const find = <T extends { readonly id: string }>(entries: readonly T[], id: string): T => {
  const found = entries.find((entry) => entry.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};
const pip = find(world.characters, "pip-sallow");
const goat = find(world.questions, "goat");

test("the batch prompt has every trader with its positions, every question with its odds, and every post", () => {
  const prompt = decisionPrompt(world, world.characters);
  for (const { id, name, role } of world.characters) expect(prompt).toContain(`[${id}] ${name}, ${role}.`);
  for (const { id, text } of world.questions) expect(prompt).toContain(`[${id}] ${text} Yes stands at `);
  for (const { text } of world.posts) expect(prompt).toContain(text);
  expect(prompt).toContain("12 yes on cheese at 0.40, 12 no on cheese at 0.55");
});

test("a batch of one trader names no other", () => {
  const prompt = decisionPrompt(world, [pip]);
  expect(prompt).toContain("The traders, 1 of them:");
  expect(prompt).not.toContain("[ombra-keel]");
});

test("an article prompt has the posts and trades of its question only", () => {
  const decision = { characterId: "pip-sallow", action: "buy", side: "yes", shares: 7, reason: "It winked." } as const;
  const prompt = articlePrompt(world, find(world.characters, "wren-saltmarsh"), goat, [
    { ...decision, question: "goat" },
    { ...decision, question: "ferry", reason: "Not this one." },
    { ...decision, question: "goat", action: "hold", reason: "Nor this." },
  ]);
  expect(prompt).toContain("Pip Sallow bought 7 yes: It winked.");
  expect(prompt).toContain("Minnow Tarn: Thank you, Professor.");
  for (const other of ["Not this one.", "Nor this.", "Old Margaret"]) expect(prompt).not.toContain(other);
});

test("an article prompt without posts and trades states that there are none", () => {
  const prompt = articlePrompt({ ...world, posts: [] }, pip, goat, []);
  expect(prompt).toContain("Nobody has said a word.");
  expect(prompt).toContain("No trades.");
});

test("a question prompt lists the questions that this tick has opened", () => {
  const prompt = questionPrompt(world, ["Will the fog file a complaint?"]);
  expect(prompt).toContain("- Will the fog file a complaint?");
  expect(prompt).toContain("- Will Mayor Brack survive");
});

test("an agent's prompts contain its plan, unless that call failed", () => {
  const post = find(world.posts, "p27");
  expect(tradePrompt(world, pip, "Sell the stairs.")).toContain("Your plan: Sell the stairs.");
  expect(tradePrompt(world, pip, null)).not.toContain("Your plan");
  const reply = replyPrompt(world, pip, post, "Sell the stairs.");
  expect(reply).toContain("Your plan: Sell the stairs.");
  expect(reply).toContain("Tansy Holloway wrote in the Gutter: My client ate");
  expect(reply).toContain("That is about [goat]");
  expect(replyPrompt(world, pip, undefined, null)).toContain("the Gutter is silent.");
});

test("no prompt contains an undefined value", () => {
  const prompts = [
    systemPrompt(world.setting),
    postPrompt(world, pip),
    decisionPrompt(world, world.characters),
    articlePrompt(world, pip, goat, []),
    questionPrompt(world, []),
    planPrompt(world, pip),
    tradePrompt(world, pip, null),
    replyPrompt(world, pip, world.posts[0], null),
  ];
  for (const prompt of prompts) expect(prompt).not.toMatch(/undefined|\[object|NaN/);
});
