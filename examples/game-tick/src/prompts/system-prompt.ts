import type { Setting } from "../world/world.ts";

/** The system prompt of every call: the setting, and the style of writing. */
export function systemPrompt(setting: Setting): string {
  return [
    setting.summary,
    `It is ${setting.now}. The days are called ${setting.week.join(", ")}. The money is ${setting.currency}.`,
    "You write for this city only: nothing and nobody outside it exists. Dry wit over jokes. No hashtags, no emoji.",
  ].join("\n");
}
