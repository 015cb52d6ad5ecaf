import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { createLLMClient } from "../create-llm-client.ts";
import { OLDEST_NODE, oldNodeProblem, requireNode } from "./node-version.ts";

it.each([
  ["16.20.2", true],
  ["20.20.2", true],
  ["22.18.0", true],
  ["22.9.0", true],
  ["22.19.0", false],
  ["22.20.0-nightly", false],
  ["24.0.0", false],
  ["26.10.0", false],
])("Node %s is too old: %s", (node, isOld) => {
  const problem = isOld ? `Babylon LLM needs Node 22.19 or newer, and this is Node ${node}` : null;
  expect(oldNodeProblem({ node })).toBe(problem);
});

it.each([{}, { bun: "1.2.0", node: "20.0.0" }, { deno: "2.0.0", node: "20.11.1" }])("%j is accepted", (versions) => {
  expect(oldNodeProblem(versions)).toBeNull();
});

it("an old version is the first error of a new client", () => {
  requireNode();
  vi.stubGlobal("process", { versions: { node: "20.20.2" } });
  try {
    expect(() => createLLMClient({ providers: [] })).toThrow(/^Babylon LLM needs Node 22\.19 or newer/);
  } finally {
    vi.unstubAllGlobals();
  }
});

it("the minimum version equals engines of package.json", () => {
  const { engines }: { engines: { node: string } } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  expect(engines.node).toBe(`>=${OLDEST_NODE}`);
});
