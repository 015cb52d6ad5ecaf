import type { Message } from "@babylon/llm-core";
import { describe, expect, it } from "vitest";
import { type ToolIdForm, withToolIds } from "./tool-ids.ts";

/** `user`, `call a b` (the assistant's calls), `result a b` (results), one word each. */
function conversation(...turns: string[]): Message[] {
  return turns.map((turn): Message => {
    const [kind, ...ids] = turn.split(" ");
    if (kind === "call") {
      return { role: "assistant", content: ids.map((id) => ({ type: "tool-call", id, name: "look", input: {} })) };
    }
    if (kind === "result") {
      return { role: "tool", content: ids.map((id) => ({ type: "tool-result", toolCallId: id, output: id })) };
    }
    return { role: "user", content: "x" };
  });
}

const idsOf = (messages: readonly Message[]): string[] =>
  messages.map(({ role, content }) => {
    if (typeof content === "string") return "user";
    const ids = content.map((part) =>
      part.type === "tool-call" ? part.id : part.type === "tool-result" ? part.toolCallId : "",
    );
    return [role === "tool" ? "result" : "call", ...ids].join(" ");
  });

const CLAUDE: ToolIdForm = { refused: /[^a-zA-Z0-9_-]/g, maxLength: 64 };
const LONG = "x".repeat(70);

describe("ids of tool calls, and of their results:", () => {
  it.each<[string, string[], string[], ToolIdForm?]>([
    [
      "valid ids are kept",
      ["user", "call a b", "result b a", "call c", "result c"],
      ["user", "call a b", "result b a", "call c", "result c"],
    ],
    [
      "the same in each turn",
      ["call c0", "result c0", "call c0", "result c0", "call c0", "result c0"],
      ["call c0", "result c0", "call c0_2", "result c0_2", "call c0_3", "result c0_3"],
    ],
    ["the same within a turn", ["call a a", "result a a"], ["call a a_2", "result a a_2"]],
    [
      "the same, in separate messages",
      ["call a", "call a", "result a", "result a"],
      ["call a", "call a_2", "result a", "result a_2"],
    ],
    ["a call without a result", ["call a", "user", "call a", "result a"], ["call a", "user", "call a_2", "result a_2"]],
    [
      "a late result of an earlier turn",
      ["call a b", "result a", "call c", "result c b"],
      ["call a b", "result a", "call c", "result c b"],
    ],
    ["a result without a call", ["result z"], ["result z"]],
    [
      "other characters",
      ["call functions.look:0", "result functions.look:0"],
      ["call functions_look_0", "result functions_look_0"],
      CLAUDE,
    ],
    [
      "two that differ only in other characters",
      ["call a.b a:b", "result a:b a.b"],
      ["call a_b a_b_2", "result a_b_2 a_b"],
      CLAUDE,
    ],
    [
      "too long",
      [`call ${LONG} ${LONG}y`, `result ${LONG}y ${LONG}`],
      [`call ${"x".repeat(64)} ${"x".repeat(62)}_2`, `result ${"x".repeat(62)}_2 ${"x".repeat(64)}`],
      CLAUDE,
    ],
  ])("%s", (_, before, after, form = {}) => {
    expect(idsOf(withToolIds(conversation(...before), form))).toEqual(after);
  });

  it("an unchanged message is the same object", () => {
    const messages = conversation("user", "call a", "result a");
    expect(withToolIds(messages, CLAUDE).every((message, index) => message === messages[index])).toBe(true);
  });

  it("later turns do not change earlier ones", () => {
    const all = conversation("call a a", "result a a", "call a", "result a", "call a b", "result b a");
    const whole = idsOf(withToolIds(all, {}));
    for (let end = 1; end <= all.length; end += 1) {
      expect(idsOf(withToolIds(all.slice(0, end), {}))).toEqual(whole.slice(0, end));
    }
  });
});
