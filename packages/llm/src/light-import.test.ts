import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

/** Runs a module in a new process and returns the loaded modules of packages. */
function loadedBy(code: string): string[] {
  const script = `
    import { registerHooks } from "node:module";
    const seen = new Set();
    registerHooks({ load(url, context, next) { seen.add(url); return next(url, context); } });
    ${code}
    process.stdout.write(JSON.stringify([...seen]));
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  return JSON.parse(output);
}

const HEAVY =
  /node_modules\/(?:openai|@anthropic-ai|keyv|@keyv|@redis|pg|valibot|jsonrepair|@streamparser|@cfworker)\/|packages\/(?:budget|experiments|prices|record-store|shared-state|telemetry)\//;
const here = JSON.stringify(new URL("./index.ts", import.meta.url).href);

it("a client of four providers, with keys and settings, loads no SDK, no store and no prices before the first call", () => {
  const loaded = loadedBy(`
    const { createBabylonLLM } = await import(${here});
    const keys = Object.fromEntries(["WANDB", "GROQ", "ANTHROPIC", "OPENAI"].map((name) => [name + "_API_KEY", "k-1234567890"]));
    const llm = await createBabylonLLM({ env: keys, settings: { order: ["groq"] } });
    const { links } = await llm.plan();
    if (links.map(({ provider }) => provider).join() !== "groq,wandb,claude,openai") throw new Error("the plan is wrong");
  `);
  expect(loaded.some((url) => url.endsWith("/create-llm-client.ts"))).toBe(true);
  expect(loaded.filter((url) => HEAVY.test(url))).toEqual([]);
});
