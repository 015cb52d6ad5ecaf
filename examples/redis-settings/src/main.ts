import { type ChildProcess, fork } from "node:child_process";
import { on, once } from "node:events";
import { fileURLToPath } from "node:url";
import { readEnv } from "@babylon/llm-core";
import { keysOrSimulator } from "@babylon-examples/keys-or-simulator";
import { openSharedSettings } from "./open-shared-settings.ts";
import type { ServiceMessage } from "./service-message.ts";

const url = readEnv(process.env, "BABYLON_SETTINGS_URL");
if (url?.startsWith("redis") !== true) {
  console.error("This example needs a Redis: set BABYLON_SETTINGS_URL, for example to redis://localhost:6379");
  process.exit(2);
}
const { env, firstLine, close } = await keysOrSimulator(process.env);
console.log(firstLine);

// The operator is this process, the service another one. They share only the Redis.
const settings = await openSharedSettings(url);
await settings.update({ order: ["groq"] }, { actor: "operator", reason: "where the example starts" });

const service = fork(fileURLToPath(new URL("./service.ts", import.meta.url)), [url], {
  env: { ...process.env, ...env },
});
const ended = once(service, "exit");
const messages = messagesOf(service);
await next("changed");
await showCall();

const { snapshot } = await settings.update({ order: ["claude"] }, { actor: "operator", reason: "Groq is slow today" });
console.log(`operator: stored version ${snapshot.version}, Claude goes first`);
const { by } = await next("changed");
console.log(`service: received a change by ${by}`);
await showCall();

service.disconnect();
const [code] = await ended;
console.log(`service: ended with ${code}`);
await settings.close();
await close();

async function showCall(): Promise<void> {
  service.send("call");
  const { provider } = await next("answered");
  console.log(`service: ${provider} answered`);
}

async function* messagesOf(child: ChildProcess): AsyncGenerator<ServiceMessage> {
  // All messages of the service have that type; `on` buffers messages between reads.
  for await (const [message] of on(child, "message", { close: ["exit"] })) yield message as ServiceMessage;
}

async function next<T extends ServiceMessage["type"]>(type: T): Promise<Extract<ServiceMessage, { type: T }>> {
  const { value } = await messages.next();
  const isWanted = (message: ServiceMessage): message is Extract<ServiceMessage, { type: T }> => message.type === type;
  if (value !== undefined && isWanted(value)) return value;
  throw new Error(`expected the service to have ${type}, not ${JSON.stringify(value)}`);
}
