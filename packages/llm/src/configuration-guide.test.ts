import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createLLMClient, type Env, type Provider } from "@babylon/llm-core";
import { startProviderSimulator } from "@babylon/llm-testing";
import { claude } from "@babylon/provider-claude";
import { groq } from "@babylon/provider-groq";
import { openai } from "@babylon/provider-openai";
import { wandb } from "@babylon/provider-wandb";
import { describe, expect, it } from "vitest";
import { createBabylonLLM } from "./create-babylon-llm.ts";
import { defaultProviders } from "./default-providers.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** A row of the guide's table about a variable. */
interface Row {
  readonly default: string;
  readonly source: string;
}

const plain = (cell: string): string => cell.trim().replaceAll("`", "");

function readTable(): ReadonlyMap<string, Row> {
  const guide = readFileSync(join(ROOT, "docs", "guide", "configuration.md"), "utf8");
  const rows = guide.split("\n").filter((line) => line.startsWith("| `"));
  return new Map(
    rows.flatMap((line) => {
      const [, names = "", , fallback = "", source = ""] = line.split("|");
      const row = { default: plain(fallback), source: plain(source) };
      return [...names.matchAll(/`([A-Za-z_]+)`/g)].map(([, name = ""]): [string, Row] => [name, row]);
    }),
  );
}

const table = readTable();

/** The default address of a provider, captured by a `fetch` that sends nothing. */
async function addressOf(create: (options: { apiKey: string; fetch: typeof fetch }) => Provider): Promise<string> {
  let requestedURL = "";
  const look: typeof fetch = async (input) => {
    requestedURL = input instanceof Request ? input.url : String(input);
    throw new TypeError("no further");
  };
  const provider = create({ apiKey: "key-1234567890", fetch: look });
  const llm = createLLMClient({ providers: [provider], env: {}, retry: { maxRetries: 0 } });
  await llm.generateText({ prompt: "Where to?" }).catch(() => undefined);
  await llm.close();
  return requestedURL;
}

describe("the guide's table of variables", () => {
  it.each(defaultProviders())("has the values of $name", ({ envKey, envModel, envBaseURL, defaultModel, keyURL }) => {
    expect(table.get(envKey ?? "")).toEqual({ default: "none", source: keyURL });
    expect(table.get(envModel ?? "")?.default).toBe(defaultModel);
    expect(table.has(envBaseURL ?? "")).toBe(true);
  });

  it.each([
    { variable: "WANDB_BASE_URL", create: wandb },
    { variable: "GROQ_BASE_URL", create: groq },
    { variable: "ANTHROPIC_BASE_URL", create: claude },
    { variable: "OPENAI_BASE_URL", create: openai },
  ])("has the address that is called without $variable", async ({ variable, create }) => {
    const address = table.get(variable)?.default ?? "";
    expect(address).toMatch(/^https:/);
    expect((await addressOf(create)).slice(0, address.length + 1)).toBe(`${address}/`);
  });

  it("has exactly the variables that are read", async () => {
    await using simulator = await startProviderSimulator();
    const read = new Set<string>();
    const proxies = { HTTP_PROXY: "http://127.0.0.1:1", NO_PROXY: "127.0.0.1" };
    const values: Record<string, string> = { ...simulator.env, ...proxies, BABYLON_SETTINGS_URL: "memory://" };
    const env: Env = new Proxy(values, {
      get(target, name) {
        if (typeof name === "string") read.add(name);
        return Reflect.get(target, name);
      },
    });
    const llm = await createBabylonLLM({ env, retry: { maxRetries: 0 } });
    for (const { id } of llm.providers) await llm.generateText({ prompt: "A name.", provider: id });
    // Over TLS, to a closed port, for the variables that apply only there.
    values.GROQ_BASE_URL = "https://127.0.0.1:1";
    await expect(llm.generateText({ prompt: "A name.", provider: "groq" })).rejects.toMatchObject({ code: "network" });
    await llm.close();
    expect([...read].toSorted()).toEqual([...table.keys()].toSorted());
  });

  it("has the default of BABYLON_SETTINGS_URL", () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "default-store-")));
    const script = `
      const { createBabylonLLM } = await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
      const llm = await createBabylonLLM({ env: {} });
      process.stdout.write(llm.settings.status().location);
      await llm.close();
    `;
    // A separate process, because the default is a file below the working directory.
    const run = { cwd: folder, encoding: "utf8" } as const;
    const location = execFileSync(process.execPath, ["--input-type=module", "-e", script], run);
    rmSync(folder, { recursive: true });
    expect(`sqlite://./${relative(folder, location)}`).toBe(table.get("BABYLON_SETTINGS_URL")?.default);
  });

  it("agrees with the README and .env.example", () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    const example = readFileSync(join(ROOT, ".env.example"), "utf8");
    for (const { name, envKey, envModel, defaultModel, keyURL } of defaultProviders()) {
      expect(readme).toContain(`| ${name} | \`${envKey}\` | \`${envModel}\` | \`${defaultModel}\` |`);
      expect(example).toContain(`${keyURL}\n${envKey}=\n# ${envModel}=${defaultModel}\n`);
    }
    expect(example).toContain(`# BABYLON_SETTINGS_URL=${table.get("BABYLON_SETTINGS_URL")?.default}`);
  });
});
