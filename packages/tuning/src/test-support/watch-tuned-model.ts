/** Prints, as a line of JSON, the model of the tuned name `npc` (null: none) whenever the settings change, and when. */
import { createSettingsStore } from "@babylon/settings-store";

const settings = await createSettingsStore({ url: process.argv[2], env: {} });
settings.subscribe(
  ({ value }) => {
    const seen = { model: value.tuned?.npc?.model ?? null, at: String(process.hrtime.bigint()) };
    process.stdout.write(`${JSON.stringify(seen)}\n`);
  },
  { immediate: true },
);
process.stdin.resume();
process.stdin.once("end", () => void settings.close());
