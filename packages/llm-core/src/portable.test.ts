import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "vitest";

const root = import.meta.dirname;
const sources = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter((path) => !path.startsWith("test-support"));

/** The code without comments: comments may name a vendor, code may not. */
const codeOf = (path: string) =>
  readFileSync(join(root, path), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|[\s;{}(,])\/\/.*$/gm, "$1");

it("finds the sources", () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(sources).toContain("create-llm-client.ts");
});

it.each(sources)("%s uses web standards only and names no vendor", (path) => {
  const code = codeOf(path);
  expect(code.match(/(?:from|import|require)\s*\(?\s*["']node:[^"']*["']/g)).toBeNull();
  expect(code.match(/\b(?:Buffer|__dirname|__filename|setImmediate)\b/g)).toBeNull();
  // One of the patterns of keys contains a vendor's name.
  const named = path === "errors/redact.ts" ? code.replace("wandb_", "") : code;
  expect(named.match(/wandb|weights\s*&\s*biases|groq|claude|anthropic|openai|mistral|gemini/gi)).toBeNull();
});

it("only the clock reads the time, and only the client uses Math.random", () => {
  const touching = (pattern: RegExp) => sources.filter((path) => pattern.test(codeOf(path)));
  expect(
    touching(/Date\.now\(|performance\.now\(|(?<![.\w])set(?:Timeout|Interval)\(|globalThis\.(?:set|clear)Timeout/),
  ).toEqual(["contract/clock.ts"]);
  expect(touching(/Math\.random/)).toEqual(["run/create-engine.ts"]);
  expect(touching(/\bprocess\b[?.:]/)).toEqual(["contract/env.ts", "contract/node-version.ts"]);
});
