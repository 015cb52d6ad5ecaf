import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isCommandMissing } from "./is-command-missing.ts";

const TOKEN = "token-of-ana-0123456789abcdef";

interface Runtime {
  readonly command: string;
  readonly args: readonly string[];
}

const RUNTIMES: readonly Runtime[] = [
  { command: "bun", args: [] },
  { command: "deno", args: ["run", "--allow-all", "--no-prompt", "--node-modules-dir=manual"] },
];

for (const { command, args } of RUNTIMES)
  describe.skipIf(isCommandMissing(command))(`on ${command}, through its own fetch`, () => {
    let folder = "";
    let simulator: ProviderSimulator;
    let service: ChildProcess;
    let url = "";

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), `on-${command}-`));
      simulator = await startProviderSimulator();
      const program = fileURLToPath(new URL("./runtime-service.ts", import.meta.url));
      const store = `sqlite://${join(folder, "settings.db")}`;
      const env = {
        ...simulator.env,
        HOME: folder,
        PATH: process.env.PATH,
        ADMIN_TOKEN: TOKEN,
        BABYLON_SETTINGS_URL: store,
      };
      service = spawn(command, [...args, program], { env, stdio: ["ignore", "pipe", "inherit"] });
      if (service.stdout === null) throw new Error("the service has no output");
      const [line] = await Promise.race([
        once(createInterface({ input: service.stdout }), "line"),
        once(service, "exit").then(([code]) => Promise.reject(new Error(`${command} ended with ${code}`))),
      ]);
      url = String(line);
    });

    afterAll(async () => {
      if (service.exitCode === null) service.kill("SIGKILL");
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const get = (path: string, init?: RequestInit): Promise<Response> => fetch(new URL(path, url), init);
    const asAna = { authorization: `Bearer ${TOKEN}` };

    test.each(
      ["wandb", "groq", "claude", "openai"].flatMap((provider) => [
        [provider, "json"],
        [provider, "stream"],
      ]),
    )("%s is called, transport %s", async (provider, transport) => {
      simulator.reset();
      const answer = await get(`/ask?provider=${provider}&transport=${transport}`);
      expect(await answer.json()).toEqual({
        text: expect.stringMatching(/./),
        inputTokens: expect.any(Number),
        outcomes: [`${provider}: success`],
        runtime: expect.stringMatching(new RegExp(`^${command} \\d+\\.\\d+\\.\\d+$`)),
      });
      expect(simulator.requests).toHaveLength(1);
    });

    test("a stream arrives in chunks", async () => {
      const lines = (await (await get("/events")).text()).trim().split("\n");
      expect(lines.length).toBeGreaterThan(3);
      expect(lines.map((line) => JSON.parse(line)).join("")).toMatch(/\w+ \w+/);
    });

    test("a reset in mid-stream is a network failure, and the next provider serves", async () => {
      simulator.setFault("wandb", { kind: "reset", when: "mid-stream" });
      const answer = await get("/ask");
      expect(await answer.json()).toMatchObject({ outcomes: ["wandb: network", "groq: success"] });
      simulator.clearFaults();
    });

    test("the admin routes change the settings, and the next call uses them", async () => {
      expect((await get("/api/admin/ai-models")).status).toBe(401);
      const before = await get("/api/admin/ai-models", { headers: asAna });
      expect(before.status).toBe(200);
      expect(await before.json()).toMatchObject({ success: true, data: { settings: { order: null }, version: 0 } });
      const changed = await get("/api/admin/ai-models", {
        method: "PUT",
        headers: { ...asAna, "content-type": "application/json" },
        body: JSON.stringify({ patch: { order: ["openai"] }, reason: "to see it followed" }),
      });
      expect(changed.status).toBe(200);
      expect(await (await get("/ask")).json()).toMatchObject({ outcomes: ["openai: success"] });
    });

    test("exits after SIGTERM", async () => {
      const ended = once(service, "exit");
      service.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
    });
  });
