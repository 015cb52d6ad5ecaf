import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "./test-support/open-browser.ts";
import { type StartedWorker, startWorkerProcess, type WorkerAnswer } from "./test-support/start-process.ts";
import { setStage, type TestPage } from "./test-support/with-page.ts";

const chromium = findChromium();

/**
 * An operator who does not know the page handles an outage of Weights & Biases. Everything is found by what is written on the
 * page; another process of the service shows what comes of it.
 */
describe.skipIf(chromium === undefined)("an outage, handled by an operator who does not know the page", () => {
  let stage: TestPage;
  let worker: StartedWorker;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage(chromium ?? "", { DASHBOARD_TRAFFIC_MS: "100" });
    worker = await startWorkerProcess(stage.env);
    page = await stage.open();
  });
  afterAll(async () => {
    await worker?.stop();
    await stage?.close();
  });

  /** The worker's first call with the given version of the settings. */
  async function callWith(version: number): Promise<WorkerAnswer> {
    let answer: WorkerAnswer = {};
    await expect
      .poll(async () => {
        answer = await worker.call();
        return answer.settingsVersion;
      })
      .toBe(version);
    return answer;
  }

  test("the service is healthy at first", async () => {
    await page.getByText("Weights & Biases is serving").waitFor();
    expect(await worker.call()).toMatchObject({ provider: "wandb", settingsVersion: 0 });
  });

  test("the page shows the outage and the provider that serves now", async () => {
    stage.simulator.setFault("wandb", { kind: "status", status: 503 });
    await page.getByText("Groq is serving").waitFor();
    await page.getByText("Weights & Biases is overloaded").waitFor();
    await page.locator("li", { hasText: "Weights & Biases" }).getByText("Failing").first().waitFor();
  });

  test("Groq is tested, moved to the first position and saved", async () => {
    await page.getByRole("button", { name: "Test Groq" }).click();
    await page.getByText("Groq answered").waitFor();
    await page.getByRole("button", { name: "Move Groq earlier" }).click();
    await page.getByText("1 unsaved change").waitFor();
    await page.getByRole("textbox", { name: "Reason, for the history" }).fill("W&B is down");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved as version 1. Every process uses it from its next call on.").waitFor();
  });

  test("the calls of the other process go to Groq, and Weights & Biases gets no more requests", async () => {
    expect(await callWith(1)).toMatchObject({ provider: "groq" });
    const before = stage.simulator.requests.length;
    for (let turn = 0; turn < 3; turn += 1) expect(await worker.call()).toMatchObject({ provider: "groq" });
    const requests = stage.simulator.requests.slice(before).filter(({ method }) => method === "POST");
    expect(new Set(requests.map(({ provider }) => provider))).toEqual(new Set(["groq"]));
  });

  test("the history shows actor and reason; one click reverts the change in all processes", async () => {
    stage.simulator.setFault("wandb", null);
    await page.getByText("admin, just now, version 1 · “W&B is down”").waitFor();
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await page.getByText("Saved as version 2").waitFor();
    expect(await callWith(2)).toMatchObject({ provider: "wandb" });
    await page.getByText("Weights & Biases is serving").waitFor({ timeout: 40_000 });
  });

  test("no script throws an error, and replies were captured for the search for keys", () => {
    expect(stage.pageErrors).toEqual([]);
    expect(stage.replies.length).toBeGreaterThan(10);
  });
});
