import { expect, test } from "vitest";
import { type AgentEntry, findAgents, pageOfAgent } from "./find-agents.ts";

const agents: readonly AgentEntry[] = [
  ...Array.from({ length: 62 }, (_, at): AgentEntry => [`agent-${String(at).padStart(2, "0")}`, { provider: "groq" }]),
  ["reporter", { provider: "claude", model: "sonnet" }],
  ["sceptic", { models: { wandb: "meta/llama" } }],
];
const nameOf = (id: string) => (id === "wandb" ? "Weights & Biases" : id);

test.each([
  ["", 0, { total: 64, page: 0, pages: 7, from: 1, to: 10 }],
  ["", 6, { total: 64, page: 6, pages: 7, from: 61, to: 64 }],
  ["", 99, { total: 64, page: 6, pages: 7, from: 61, to: 64 }],
  ["", -1, { total: 64, page: 0, pages: 7, from: 1, to: 10 }],
  ["agent-0", 0, { total: 10, page: 0, pages: 1, from: 1, to: 10 }],
  ["  REPORTER sonnet ", 3, { total: 1, page: 0, pages: 1, from: 1, to: 1 }],
  ["weights", 0, { total: 1, page: 0, pages: 1, from: 1, to: 1 }],
  ["llama", 0, { total: 1, page: 0, pages: 1, from: 1, to: 1 }],
  ["unknown", 0, { total: 0, page: 0, pages: 1, from: 0, to: 0 }],
])("the search %j, page %d", (search, page, expected) => {
  const { rows, ...rest } = findAgents(agents, search, page, nameOf);
  expect(rest).toEqual(expected);
  expect(rows).toHaveLength(expected.total === 0 ? 0 : expected.to - expected.from + 1);
});

test("finds the page of an agent", () => {
  expect(["agent-00", "agent-10", "sceptic", "not there"].map((id) => pageOfAgent(agents, id))).toEqual([0, 1, 6, 0]);
});
