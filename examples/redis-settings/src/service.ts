import { createBabylonLLM } from "@babylon/llm";
import { openSharedSettings } from "./open-shared-settings.ts";
import type { ServiceMessage } from "./service-message.ts";

// A separate process, started by main.ts: makes a call for each message and reports the provider.
const [url = ""] = process.argv.slice(2);
const settings = await openSharedSettings(url);
const llm = await createBabylonLLM({ settings });
const send = (message: ServiceMessage): void => void process.send?.(message);

settings.subscribe(({ version, updatedBy }) => send({ type: "changed", version, by: updatedBy }), { immediate: true });

process.on("message", async () => {
  const { provider, settingsVersion } = await llm.generateText({ prompt: "Name a ship." });
  send({ type: "answered", provider, settingsVersion });
});

process.once("disconnect", async () => {
  await llm.close();
  await settings.close();
});
