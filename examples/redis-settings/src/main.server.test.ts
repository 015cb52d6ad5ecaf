import { runExample } from "@babylon-examples/keys-or-simulator/run-example";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRedisMissing, type RunningRedis, startExampleRedis } from "./test-support/start-example-redis.ts";

describe.skipIf(isRedisMissing())("with a Redis server", () => {
  let redis: RunningRedis;
  beforeAll(async () => {
    redis = await startExampleRedis();
  });
  afterAll(() => redis.stop());

  test("settings that one process stores apply to the next call of another", async () => {
    const main = new URL("./main.ts", import.meta.url);
    const { code, lines, errors } = await runExample(main, { BABYLON_SETTINGS_URL: redis.url });
    expect([code, errors]).toEqual([0, ""]);
    expect(lines).toEqual([
      expect.stringMatching(/simulator/),
      "service: groq answered",
      "operator: stored version 2, Claude goes first",
      "service: received a change by operator",
      "service: claude answered",
      "service: ended with 0",
    ]);
    // A second run resets the settings.
    const again = await runExample(main, { BABYLON_SETTINGS_URL: redis.url });
    expect([again.code, again.lines.at(-2)]).toEqual([0, "service: claude answered"]);
  }, 120_000);
});
