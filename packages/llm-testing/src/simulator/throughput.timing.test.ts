import { Agent, request as httpRequest } from "node:http";
import { expect, it } from "vitest";
import { healthyChat, type RawRequest } from "./fixtures/healthy-request.ts";
import { SIMULATED_PROVIDERS } from "./simulated-provider.ts";
import { startProviderSimulator } from "./start-provider-simulator.ts";

const CALLS = 400;
const AT_ONCE = 40;

it("serves hundreds of calls a second with the client in the same process", async () => {
  await using simulator = await startProviderSimulator({ recordBodies: false });
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const call = ({ url, method, headers, body }: RawRequest): Promise<number> =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest(url, { method, headers, agent }, (reply) => {
        reply.resume().on("end", () => resolve(reply.statusCode ?? 0));
      });
      outgoing.on("error", reject).end(JSON.stringify(body));
    });
  let next = 0;
  let answered = 0;
  const worker = async (): Promise<void> => {
    while (next < CALLS) {
      const provider = SIMULATED_PROVIDERS[next % 4] ?? "groq";
      const stream = next % 8 < 4;
      next += 1;
      if ((await call(healthyChat(simulator, provider, { stream }))) === 200) answered += 1;
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const seconds = (performance.now() - started) / 1_000;
  agent.destroy();
  expect(answered).toBe(CALLS);
  // Far below the rate of an idle machine, so that a busy one does not fail.
  expect(CALLS / seconds).toBeGreaterThan(150);
});
