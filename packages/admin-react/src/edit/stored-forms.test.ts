import { describe, expect, test } from "vitest";
import { fromAgentForm, parseAgentForm, toAgentForm } from "./agent-form.ts";
import { type Draft, parseDraft } from "./draft.ts";

const settings = { order: ["groq"], providers: { groq: { enabled: false } }, agents: { a: { provider: "groq" } } };
const draft: Draft = { base: { settings: { order: null, providers: {}, agents: {} }, version: 3 }, settings };

describe("data stored in the browser tab", () => {
  test("a draft is restored unchanged", () => {
    expect(parseDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
    expect(parseDraft({ ...draft, base: { ...draft.base, version: null } })?.base.version).toBeNull();
  });

  test.each([
    [null],
    ["text"],
    [[]],
    [{}],
    [{ ...draft, base: null }],
    [{ ...draft, settings: { order: null, providers: [], agents: {} } }],
    [{ ...draft, settings: { order: "groq", providers: {}, agents: {} } }],
    [{ ...draft, base: { settings, version: "3" } }],
  ])("%j is not a draft", (stored) => {
    expect(parseDraft(stored)).toBeNull();
  });

  test.each([
    ["a", { provider: "groq" } as const],
    ["b", { provider: "groq", model: "m" } as const],
    ["c", { models: { groq: "m", wandb: "n" } } as const],
  ])("the form of agent %s is restored unchanged", (id, agent) => {
    const form = toAgentForm(id, agent, "wandb");
    expect(parseAgentForm(JSON.parse(JSON.stringify(form)))).toEqual(form);
    expect(fromAgentForm(form)).toEqual(agent);
  });

  test.each([
    [null],
    [{}],
    [{ ...toAgentForm("a", null, "wandb"), kind: "other" }],
    [{ ...toAgentForm("a", null, "wandb"), models: null }],
    [{ ...toAgentForm("a", null, "wandb"), model: 3 }],
  ])("%j is not a form", (stored) => {
    expect(parseAgentForm(stored)).toBeNull();
  });
});
