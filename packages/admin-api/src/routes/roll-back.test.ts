import { describe, expect, test } from "vitest";
import type { HistoryData, SavedData } from "../contract.ts";
import { startAdmin } from "../test-support/start-admin.ts";

describe("history and rollback", () => {
  test("a rollback is stored as a new version", async () => {
    const { data } = startAdmin();
    await data("PUT", "", { wandbModel: "wandb/other" });
    await data("PUT", "", { patch: { order: ["groq"] } });
    const { entries } = await data<HistoryData>("GET", "/history");
    expect(entries.map(({ version, by }) => [version, by])).toEqual([
      [2, "ana"],
      [1, "ana"],
    ]);
    const back = await data<SavedData>("POST", "/rollback", { version: 1, expectedVersion: 2 });
    expect(back).toMatchObject({ version: 3, activeProvider: "wandb", settings: { order: null } });
    const first = await data<SavedData>("POST", "/rollback", { version: 0 });
    expect(first.settings.providers).toEqual({});
  });

  test("a newer version is a conflict; an unknown one and one that disables every provider are rejected", async () => {
    const { call, data } = startAdmin();
    await data("PUT", "", {
      force: true,
      patch: { providers: { wandb: { enabled: false }, groq: { enabled: false } } },
    });
    await data("PUT", "", { patch: { providers: { wandb: { enabled: true } } } });
    expect((await call("POST", "/rollback", { version: 1, expectedVersion: 1 })).reply).toMatchObject({
      code: "conflict",
      current: { version: 2 },
    });
    const unknown = await call("POST", "/rollback", { version: 77 });
    expect([unknown.status, unknown.reply]).toMatchObject([422, { code: "unknown_version" }]);
    expect((await call("POST", "/rollback", { version: 1 })).reply).toMatchObject({ code: "no_provider_left" });
    expect((await call("POST", "/rollback", { version: 1, force: true })).status).toBe(200);
  });
});
