import { expect, test } from "vitest";
import { UsageError } from "../arguments/usage-error.ts";
import { parseAssignments, parsePath } from "./parse-assignments.ts";

test.each<[string[], object]>([
  [["order=groq,wandb"], { order: ["groq", "wandb"] }],
  [["order = groq , wandb"], { order: ["groq", "wandb"] }],
  [["order=null"], { order: null }],
  [["providers.wandb.model=openai/gpt-oss-120b"], { providers: { wandb: { model: "openai/gpt-oss-120b" } } }],
  [
    ["providers.wandb.model=wandb-artifact:///t/p/n:v1?a=b"],
    { providers: { wandb: { model: "wandb-artifact:///t/p/n:v1?a=b" } } },
  ],
  [["providers.wandb.model=null"], { providers: { wandb: { model: null } } }],
  [["providers.wandb.enabled=false"], { providers: { wandb: { enabled: false } } }],
  [["providers.wandb.enabled=true"], { providers: { wandb: { enabled: true } } }],
  [["providers.wandb=null"], { providers: { wandb: null } }],
  [["agents.mayor.provider=groq"], { agents: { mayor: { provider: "groq" } } }],
  [["agents.the.mayor.model=x"], { agents: { "the.mayor": { model: "x" } } }],
  [["agents.clerk.models.openai=gpt-6-luna"], { agents: { clerk: { models: { openai: "gpt-6-luna" } } } }],
  [
    ["agents.clerk.models=null", "agents.clerk.provider=groq"],
    { agents: { clerk: { models: null, provider: "groq" } } },
  ],
  [["agents.mayor=null"], { agents: { mayor: null } }],
  [
    ["order=groq", "providers.groq.model=a", "providers.wandb.enabled=false"],
    { order: ["groq"], providers: { groq: { model: "a" }, wandb: { enabled: false } } },
  ],
])("%j", (assignments, patch) => {
  expect(parseAssignments(assignments)).toEqual(patch);
});

test.each([
  [["order"], 'expected path=value, got "order"'],
  [["=x"], 'expected path=value, got "=x"'],
  [["ordre=groq"], 'unknown setting "ordre"'],
  [["providers.wandb.modle=x"], 'unknown setting "providers.wandb.modle"'],
  [["providers..model=x"], 'unknown setting "providers..model"'],
  [["agents.=x"], 'unknown setting "agents."'],
  [["providers.wandb.enabled=yes"], 'expected true or false, got "yes"'],
  [["providers.wandb.model="], "expected a value; null removes it"],
  [["providers.wandb=x"], "providers.wandb is an object"],
  [["agents.mayor=groq"], "agents.mayor is an object"],
  [["agents.mayor.models=x"], "agents.mayor.models is an object"],
  [["order=a", "order=b"], "order is assigned twice"],
  [["providers.wandb=null", "providers.wandb.model=x"], "its parent is assigned as well"],
  [["providers.wandb.model=x", "providers.wandb=null"], "providers.wandb is assigned twice"],
])("%j is refused", (assignments, message) => {
  expect(() => parseAssignments(assignments)).toThrow(UsageError);
  expect(() => parseAssignments(assignments)).toThrow(message);
});

test("a prototype's name becomes an ordinary key without prototype pollution", () => {
  const patch = parseAssignments(["agents.__proto__.provider=groq"]);
  expect(Object.keys(patch.agents ?? {})).toEqual(["__proto__"]);
  expect(Reflect.get({}, "provider")).toBeUndefined();
});

test.each([
  ["order", ["order"]],
  ["agents", ["agents"]],
  ["providers.wandb", ["providers", "wandb"]],
  ["agents.a.b.models.openai", ["agents", "a.b", "models", "openai"]],
])("the path %s", (path, keys) => {
  expect(parsePath(path)).toEqual(keys);
});
