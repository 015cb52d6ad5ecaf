import { createBabylonLLM } from "@babylon/llm";
import { keysOrSimulator } from "@babylon-examples/keys-or-simulator";
import { z } from "zod";

const { env, firstLine, close } = await keysOrSimulator(process.env);
console.log(firstLine);
const llm = await createBabylonLLM({ env, settings: {} });

// Any Standard Schema works: zod, valibot, arktype; or JSON Schema with a validation function.
const Ship = z.object({
  name: z.string().min(1),
  kind: z.enum(["barque", "cog", "cutter"]),
  tons: z.int().min(1).max(5_000),
});
const { object } = await llm.generateObject({ schema: Ship, prompt: "Invent a ship of the port of Tidewick." });
console.log(`A ship: ${object.name}, a ${object.kind} of ${object.tons} tons`);

// One element for each id, in this order, from as few requests as possible; `missing` lists ids without an element.
const captains = ["ada", "bo", "cleo"];
const Order = z.object({ id: z.string(), action: z.enum(["sail", "stay"]), why: z.string() });
const { items, missing } = await llm.generateArray({
  element: Order,
  prompt: `A storm is coming. Decide for each captain, by id: ${captains.join(", ")}.`,
  expected: { ids: captains, idOf: ({ id }) => id },
});
for (const { id, action } of items) console.log(`${id} will ${action}`);
console.log(`Missing: ${missing.length === 0 ? "none" : missing.join(", ")}`);

await llm.close();
await close();
