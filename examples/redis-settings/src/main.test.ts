import { runExample } from "@babylon-examples/keys-or-simulator/run-example";
import { expect, test } from "vitest";

test("without REDIS_URL it prints what it requires", async () => {
  const { code, errors } = await runExample(new URL("./main.ts", import.meta.url));
  expect(code).toBe(2);
  expect(errors).toBe("This example needs a Redis: set BABYLON_SETTINGS_URL, for example to redis://localhost:6379\n");
}, 60_000);
