import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createBabylonLLM } from "@babylon/llm";
import { startProviderSimulator } from "@babylon/llm-testing";
import { expect, test } from "vitest";
import { createApp } from "./create-app.ts";

const asking = (body: unknown): RequestInit => ({ method: "POST", body: JSON.stringify(body) });

test("answers, streams, shows the chain, and returns errors as JSON", async () => {
  await using simulator = await startProviderSimulator();
  await using llm = await createBabylonLLM({ env: simulator.env, settings: {}, retry: { maxRetries: 0 } });
  const app = createApp(llm);

  const status = await app.request("/status");
  expect(await status.json()).toMatchObject({ links: [{ provider: "wandb" }, {}, {}, {}], skipped: [] });

  const answer = await app.request("/ask", asking({ prompt: "Name a ship." }));
  expect(await answer.json()).toEqual({
    text: expect.stringMatching(/./),
    provider: "wandb",
    model: expect.any(String),
  });
  expect((await app.request("/ask", asking({ question: "x" }))).status).toBe(400);
  expect((await app.request("/ask/stream", asking([]))).status).toBe(400);

  simulator.setFault("wandb", { kind: "reset", when: "mid-stream" });
  const stream = await app.request("/ask/stream", asking({ prompt: "Name a ship." }));
  expect(stream.headers.get("content-type")).toMatch(/^text\/event-stream/);
  const events = [...(await stream.text()).matchAll(/^event: (\w+)$/gm)].map(([, event]) => event);
  expect(events.filter((event, index) => event !== events[index - 1])).toEqual(["text", "restart", "text", "finish"]);

  for (const provider of ["wandb", "groq", "claude", "openai"] as const) {
    simulator.setFault(provider, { kind: "status", status: 401 });
  }
  const failed = await app.request("/ask", asking({ prompt: "x" }));
  expect(failed.status).toBe(502);
  expect(await failed.json()).toMatchObject({ code: "all_failed" });
});

test("as a process: prints its address, answers, and exits after SIGTERM", async () => {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const env = { PATH: process.env.PATH, PORT: "0" };
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const url = /http:\S+\/ask/.exec(line)?.[0];
    if (url === undefined) continue;
    const answer = await fetch(url, asking({ prompt: "Name a ship." }));
    expect(await answer.json()).toMatchObject({ provider: "wandb" });
    child.kill("SIGTERM");
  }
  expect(await closed).toEqual([0, null]);
  expect([lines[0], lines.at(-1)]).toEqual([expect.stringMatching(/simulator/), "Closed."]);
}, 60_000);
