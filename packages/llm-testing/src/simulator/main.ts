/**
 * The simulator as a separate process. Prints one line of JSON, `{ url, port, env }` when it listens or `{ error }` if it cannot, and answers
 * the messages of its parent process. Options: `--port N`, `--seed N`, `--latency-ms N`, `--faults JSON`, `--max-concurrency JSON`.
 */
import { parseArgs } from "node:util";
import type { ChildReply, ChildRequest } from "./child-messages.ts";
import type { SimulatorOptions } from "./server/simulator-options.ts";
import { type ProviderSimulator, startProviderSimulator } from "./start-provider-simulator.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    "latency-ms": { type: "string", default: "0" },
    faults: { type: "string", default: "[]" },
    "max-concurrency": { type: "string", default: "{}" },
    "record-bodies": { type: "boolean", default: false },
  },
});

const simulator = await startOrExit({
  port: Number(values.port),
  seed: Number(values.seed),
  latencyMs: Number(values["latency-ms"]),
  faults: JSON.parse(values.faults),
  maxConcurrency: JSON.parse(values["max-concurrency"]),
  recordBodies: values["record-bodies"],
});

async function startOrExit(options: SimulatorOptions): Promise<ProviderSimulator> {
  try {
    return await startProviderSimulator(options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await new Promise<void>((resolve) =>
      process.stdout.write(`${JSON.stringify({ error: message })}\n`, () => resolve()),
    );
    process.exit(1);
  }
}

function perform(request: ChildRequest): ChildReply["result"] {
  switch (request.do) {
    case "setFault":
      simulator.setFault(request.provider, request.fault, request.scope);
      return null;
    case "clearFaults":
      simulator.clearFaults();
      return null;
    case "reset":
      simulator.reset();
      return null;
    case "requests":
      return [...simulator.requests];
  }
}

process.on("message", (request: ChildRequest) => {
  let reply: ChildReply;
  try {
    reply = { id: request.id, result: perform(request), error: null };
  } catch (error) {
    reply = { id: request.id, result: null, error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(reply);
});
// The parent process has ended.
process.on("disconnect", () => process.exit());

process.stdout.write(`${JSON.stringify({ url: simulator.url, port: simulator.port, env: simulator.env })}\n`);
