import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBabylonLLM } from "@babylon/llm";
import { createSettingsStore } from "@babylon/settings-store";
import { keysOrSimulator } from "@babylon-examples/keys-or-simulator";
import KeyvSqlite from "@keyv/sqlite";
import { Keyv } from "keyv";

const { env, firstLine, close } = await keysOrSimulator(process.env);
console.log(firstLine);

// A service would use ./data/babylon.db, the default file, or the file of its own Keyv.
const directory = mkdtempSync(join(tmpdir(), "babylon-keyv-"));
const file = join(directory, "babylon.db");

const keyv = new Keyv({ store: new KeyvSqlite({ uri: `sqlite://${file}`, table: "babylon_settings" }) });
const settings = await createSettingsStore({ keyv, requireCas: true });
await settings.update({ order: ["claude"] }, { actor: "operator" });
console.log(`store: ${settings.status().backend}, compare-and-set ${settings.status().cas}`);

// A process that names the file by its URL has the same settings.
const llm = await createBabylonLLM({ env, settings: `sqlite://${file}` });
const { provider } = await llm.generateText({ prompt: "Name a ship." });
console.log(`client by URL: ${provider} answered`);

// The record is an entry like any other of the Keyv.
const { version } = (await keyv.get<{ version: number }>("babylon.settings.system")) ?? { version: 0 };
console.log(`keyv.get: version ${version}`);

await llm.close();
await settings.close();
await keyv.disconnect();
rmSync(directory, { recursive: true });
await close();
