import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { type ProviderSimulator, startProviderSimulator } from "@babylon/llm-testing";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isCommandMissing } from "./is-command-missing.ts";

/** One worker on a free port, with the variables as text bindings and access to loopback. */
function configOf(env: Readonly<Record<string, string>>): string {
  const bindings = Object.entries(env).map(
    ([name, value]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["private"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2026-11-01",
  bindings = [${bindings.join(", ")}],
);
`;
}

describe.skipIf(isCommandMissing("workerd"))("in workerd, without Node's modules", () => {
  let folder = "";
  let simulator: ProviderSimulator;
  let server: ChildProcess;
  let url = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "in-workerd-"));
    simulator = await startProviderSimulator();
    await build({
      entryPoints: [fileURLToPath(new URL("./workerd-worker.ts", import.meta.url))],
      outfile: join(folder, "worker.js"),
      bundle: true,
      format: "esm",
      platform: "browser",
      conditions: ["workerd", "worker", "browser"],
      logLevel: "error",
    });
    writeFileSync(join(folder, "config.capnp"), configOf({ ...simulator.env }));
    // It reports its port on the fourth pipe.
    const args = ["serve", join(folder, "config.capnp"), "--control-fd=3"];
    server = spawn("workerd", args, { stdio: ["ignore", "inherit", "inherit", "pipe"] });
    const control = server.stdio[3];
    if (!(control instanceof Readable)) throw new Error("workerd has no control pipe");
    const [line] = await Promise.race([
      once(createInterface({ input: control }), "line"),
      once(server, "exit").then(([code]) => Promise.reject(new Error(`workerd ended with ${code}`))),
    ]);
    const { port }: { port: number } = JSON.parse(String(line));
    url = `http://127.0.0.1:${port}`;
  });

  afterAll(async () => {
    server.kill("SIGKILL");
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(
    ["wandb", "groq", "claude", "openai"].flatMap((provider) => [
      [provider, "json"],
      [provider, "stream"],
    ]),
  )("%s is called, transport %s", async (provider, transport) => {
    simulator.reset();
    const answer = await fetch(`${url}/?provider=${provider}&transport=${transport}`);
    expect(await answer.json()).toEqual({ text: expect.stringMatching(/./), outcomes: [[provider, null]] });
    expect(simulator.requests).toHaveLength(1);
  });

  test.each([
    ["a 500", { kind: "status", status: 500 }, "server"],
    ["a reset in mid-stream", { kind: "reset", when: "mid-stream" }, "network"],
  ] as const)("after %s the next provider serves", async (_, fault, code) => {
    simulator.setFault("wandb", fault);
    const answer = await fetch(url);
    simulator.clearFaults();
    expect(await answer.json()).toMatchObject({
      outcomes: [
        ["wandb", code],
        ["groq", null],
      ],
    });
  });
});
