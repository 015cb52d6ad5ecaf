import { join, resolve } from "node:path";
import { CLAUDE_MODEL, KEY, MODEL, PROMPT } from "../contestants/contestant.ts";
import { runCode } from "../run/run-script.ts";
import { median } from "../run/task.ts";

/** Milliseconds from the start of the process, minus those of Node alone. */
export interface StartFigures {
  readonly readyPlain: number;
  readonly readySQLite: number;
  readonly readyOpenAI: number;
  readonly readyAI: number;
  readonly firstCall: number;
  readonly firstCallOpenAI: number;
  readonly firstCallAI: number;
}

type Case = "bare" | keyof StartFigures;

const ROUNDS = 9;
const PRINT = "process.stdout.write(String(performance.now())); process.exit();";

/**
 * Starts new processes of each contestant in turn.
 *
 * @param folder - the folder with the installed builds of our packages
 */
export async function measureStart(mockURL: string, folder: string): Promise<StartFigures> {
  const here = resolve(import.meta.dirname, "../..");
  const cases = codes(`${mockURL}/json`, folder);
  const rounds = new Map<Case, number[]>();
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [name, code] of Object.entries(cases) as [Case, string][]) {
      const figure = await runCode(code, code.includes("@babylon/") ? folder : here);
      if (round >= 0) rounds.set(name, [...(rounds.get(name) ?? []), figure]);
    }
  }
  const of = (name: Case): number => median(rounds.get(name) ?? []) - (name === "bare" ? 0 : of("bare"));
  return {
    readyPlain: of("readyPlain"),
    readySQLite: of("readySQLite"),
    readyOpenAI: of("readyOpenAI"),
    readyAI: of("readyAI"),
    firstCall: of("firstCall"),
    firstCallOpenAI: of("firstCallOpenAI"),
    firstCallAI: of("firstCallAI"),
  };
}

function codes(url: string, folder: string): Readonly<Record<Case, string>> {
  const env = {
    WANDB_API_KEY: KEY,
    GROQ_API_KEY: KEY,
    ANTHROPIC_API_KEY: KEY,
    ANTHROPIC_MODEL: CLAUDE_MODEL,
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: `${url}/v1`,
    BABYLON_SETTINGS_URL: `sqlite://${join(folder, "settings.db")}`,
  };
  const ours = (settings: string): string =>
    `import { createBabylonLLM } from "@babylon/llm"; const llm = await createBabylonLLM({ env: ${JSON.stringify(env)}${settings} });`;
  const plain = ours(', settings: { order: ["openai"] }');
  const openai = `import OpenAI from "openai"; const client = new OpenAI(${JSON.stringify({ apiKey: KEY, baseURL: `${url}/v1`, maxRetries: 0 })});`;
  const ai = `import { createOpenAI } from "@ai-sdk/openai"; import { generateText } from "ai"; const model = createOpenAI(${JSON.stringify({ apiKey: KEY, baseURL: `${url}/v1` })}).chat("${MODEL}");`;
  const prompt = JSON.stringify(PROMPT);
  return {
    bare: PRINT,
    readyPlain: plain + PRINT,
    readySQLite: ours("") + PRINT,
    readyOpenAI: openai + PRINT,
    readyAI: ai + PRINT,
    firstCall: `${plain} await llm.generateText({ prompt: ${prompt}, transport: "json" }); ${PRINT}`,
    firstCallOpenAI: `${openai} await client.chat.completions.create({ model: "${MODEL}", messages: [{ role: "user", content: ${prompt} }] }); ${PRINT}`,
    firstCallAI: `${ai} await generateText({ model, prompt: ${prompt}, maxRetries: 0 }); ${PRINT}`,
  };
}
