import { expect, test } from "vitest";
import { FAULT_KINDS, parseFaults } from "./parse-faults.ts";

test("several providers, statuses and kinds, with surrounding white space", () => {
  expect(parseFaults("wandb=503, groq = hang ,openai=429")).toEqual({
    faults: [
      { provider: "wandb", fault: 503 },
      { provider: "groq", fault: "hang" },
      { provider: "openai", fault: 429 },
    ],
  });
});

test.each(FAULT_KINDS)("%s is a valid fault", (kind) => {
  expect(parseFaults(`claude=${kind}`)).toEqual({ faults: [{ provider: "claude", fault: kind }] });
});

test.each([
  ["", 'expected provider=fault, got ""'],
  ["wandb", 'expected provider=fault, got "wandb"'],
  ["wandb=503,", 'expected provider=fault, got ""'],
  ["wandb=503=504", 'expected provider=fault, got "wandb=503=504"'],
  ["gemini=503", '"gemini" is none of the providers wandb, groq, claude, openai'],
  ["wandb=503,wandb=hang", "wandb is given twice"],
  ["wandb=", '"" is neither an HTTP status'],
  ["wandb=200", '"200" is neither an HTTP status'],
  ["wandb=600", '"600" is neither an HTTP status'],
  ["wandb=50", '"50" is neither an HTTP status'],
  ["wandb=explode", "one of hang, slow, stall, reset, truncate, malformed, html, empty, error, wrong-shape"],
])("%j is refused", (text, why) => {
  expect(parseFaults(text)).toEqual({ wrong: expect.stringContaining(why) });
});
