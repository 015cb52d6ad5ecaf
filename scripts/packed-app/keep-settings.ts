/** Settings persist in a SQLite file: written, closed, opened again and read by another client. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { createBabylonLLM } from "@babylon/llm";

const FILE = "kept.db";
const options = {
  env: { GROQ_API_KEY: "unused-key", OPENAI_API_KEY: "unused-key" },
  settings: `sqlite://./${FILE}`,
};

const writer = await createBabylonLLM(options);
assert.equal((await writer.plan()).links[0]?.provider, "groq");
await writer.settings.update(
  { order: ["openai"], providers: { groq: { model: "a/model:v1" } } },
  { actor: "a test", reason: "to see it kept" },
);
await writer.close();

const reader = await createBabylonLLM(options);
const { links, settingsVersion } = await reader.plan();
assert.deepEqual(
  links.map(({ provider }) => provider),
  ["openai", "groq"],
);
assert.equal(links[1]?.model, "a/model:v1");
assert.equal(settingsVersion, 1);
const [entry] = await reader.settings.history();
assert.equal(entry?.reason, "to see it kept");
await reader.close();
for (const end of ["", "-shm", "-wal"]) rmSync(FILE + end, { force: true });
