import { LLMError } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import { startAdmin } from "../test-support/start-admin.ts";

describe("GET", () => {
  test("contains the fields of the older API", async () => {
    const { data } = startAdmin();
    const page = await data("GET");
    expect(page).toMatchObject({
      currentSettings: { wandbModel: null, wandbEnabled: true },
      providers: { wandb: true, groq: true, claude: false, openai: false },
      activeProvider: "wandb",
      recommendedModels: [{ id: "wandb-model", name: "wandb-model", description: "wandb-model" }],
    });
    expect(page.wandbModels.map(({ id }) => id)).toEqual(["wandb-model", "wandb/other"]);
  });

  test("has the chain, the skipped providers with reasons, and the scope of the figures", async () => {
    const { data, llm } = startAdmin();
    await llm.generateText({ prompt: "Hello." });
    const page = await data("GET");
    expect(page.chain.map(({ provider }) => provider)).toEqual(["wandb", "groq"]);
    expect(page.skipped).toEqual([
      { provider: "claude", reason: "no key: set CLAUDE_API_KEY" },
      { provider: "openai", reason: "no key: set OPENAI_API_KEY" },
    ]);
    expect(page.health.scope).toBe("this process");
    expect(page.overview[0]).toMatchObject({ provider: "wandb", name: "Weights & Biases", calls: 1, successRate: 1 });
    expect(page).toMatchObject({
      version: 0,
      actor: "ana",
      permissions: ["read", "write"],
      status: { state: "ok", window: "lastMinute", calls: { lastMinute: { calls: 1, succeeded: 1 } } },
    });
    expect(page.overview[0]?.windows.lastHour).toMatchObject({ calls: 1, succeeded: 1 });
  });

  test("reports an outage with its start time", async () => {
    const { call, data, llm, clock } = startAdmin({
      steps: {
        wandb: [{ error: () => new LLMError({ code: "invalid_request", message: "no" }) }],
        groq: [{ hang: true }],
      },
    });
    const since = clock.now();
    const lost = llm.generateText({ prompt: "Hello.", timeouts: { totalMs: 1_000 } }).catch(() => {});
    await clock.advance(1_000);
    await lost;
    expect((await data("GET")).status).toMatchObject({
      state: "outage",
      losses: { calls: 1, sinceEpochMs: since },
      serving: { provider: "wandb", sinceEpochMs: since },
    });
    expect((await call("GET")).status).toBe(200);
  });

  test("no provider is active with an empty chain", async () => {
    const page = await startAdmin({ env: {} }).data("GET");
    expect(page).toMatchObject({ activeProvider: null, chain: [] });
    expect(page.skipped).toHaveLength(4);
    expect(page.currentSettings.wandbEnabled).toBe(false);
  });

  test("the active provider is the first of the plan, without a failing one", async () => {
    const auth = new LLMError({ code: "auth", message: "the key was refused", provider: "wandb", status: 401 });
    const { data, llm } = startAdmin({ steps: { wandb: [{ error: auth }] } });
    await llm.generateText({ prompt: "Hello." });
    const page = await data("GET");
    expect(page.activeProvider).toBe("groq");
    expect(page.overview[0]).toMatchObject({ provider: "wandb", state: "open", code: "auth" });
  });
});

describe("lists of models", () => {
  test("a failed list is a warning and is requested again; the page does not fail", async () => {
    let requests = 0;
    const listModels = async () => {
      requests += 1;
      throw new LLMError({ code: "server", message: "broken", provider: "groq", status: 500 });
    };
    const { data, clock } = startAdmin({ override: { groq: { listModels } } });
    const page = await data("GET");
    expect(page.warnings).toEqual(["the list of models of groq could not be read (server: broken)"]);
    expect(page.models.groq?.models.map(({ id, listed }) => [id, listed])).toEqual([
      ["groq-model", null],
      ["groq/other", null],
    ]);
    await data("GET");
    expect(requests).toBe(1);
    await clock.advance(15_000);
    await data("GET");
    expect(requests).toBe(2);
  });

  test("an empty list is a warning", async () => {
    const page = await startAdmin({ override: { wandb: { listModels: async () => [] } } }).data("GET");
    expect(page.warnings).toEqual(["the list of models of Weights & Biases could not be read (it is empty)"]);
  });

  test("are requested concurrently, each with a timeout of 3 s", async () => {
    const requested = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const hang = ({ resolve }: { resolve(): void }) => ({
      listModels() {
        resolve();
        return new Promise<never>(() => {});
      },
    });
    const { data, clock } = startAdmin({ override: { wandb: hang(requested[0]), groq: hang(requested[1]) } });
    const page = data("GET");
    await Promise.all(requested.map(({ promise }) => promise));
    await clock.advance(3_000);
    expect((await page).warnings).toHaveLength(2);
    expect(clock.pendingTimers()).toBe(0);
  });

  test("are cached for a minute; concurrent requests for the page share one request", async () => {
    let requests = 0;
    const listModels = async () => {
      requests += 1;
      return [];
    };
    const full = startAdmin();
    const counting = startAdmin({
      override: {
        wandb: {
          listModels: async () => {
            await listModels();
            return [...(full.providers[0]?.models ?? [])];
          },
        },
      },
    });
    await Promise.all([counting.data("GET"), counting.data("GET"), counting.data("GET")]);
    await counting.clock.advance(59_999);
    await counting.data("GET");
    expect(requests).toBe(1);
    await counting.clock.advance(1);
    await counting.data("GET");
    expect(requests).toBe(2);
  });

  test("a provider without a list causes no warning; one without a key gets no request", async () => {
    const unsupported = async () => {
      throw new LLMError({ code: "unsupported", message: "no list" });
    };
    const never = async () => {
      throw new Error("requested without a key");
    };
    const admin = startAdmin({ override: { wandb: { listModels: unsupported }, openai: { listModels: never } } });
    const page = await admin.data("GET");
    expect(page.warnings).toEqual([]);
    expect(page.models.openai?.listedAt).toBeNull();
  });
});
