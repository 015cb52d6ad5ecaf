import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { authorizeBearer } from "@babylon/admin-api";
import { createBabylonLLM } from "@babylon/llm";
import type { Env, Logger } from "@babylon/llm-core";
import { serve } from "@hono/node-server";
import { startBackgroundTraffic } from "./background-traffic.ts";
import { buildPage } from "./build-page.ts";
import { createCallLog } from "./call-log.ts";
import { createApp } from "./create-app.ts";
import { findProviders } from "./find-providers.ts";

/** Options of {@link startDashboard}. */
export interface DashboardOptions {
  readonly env: Env;
  /** 0: any free one. */
  readonly port: number;
  /** Default: a new one, valid until the process ends. */
  readonly token?: string | undefined;
  /** Between two background calls; `null`: none. Default: 900 against the simulator, none with real keys, which cost money. */
  readonly trafficEveryMs?: number | null | undefined;
  /** Simulate the providers when no key is set. Default true. */
  readonly simulate?: boolean | undefined;
  readonly logger: Logger;
}

/** A running dashboard. */
export interface RunningDashboard {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly token: string;
  readonly simulated: boolean;
  /** The location of the settings. */
  readonly settings: string;
  readonly traffic: boolean;
  close(): Promise<void>;
}

/** Starts client, settings, page and server. Rejects when the port is taken or the settings cannot be opened. */
export async function startDashboard(options: DashboardOptions): Promise<RunningDashboard> {
  const { port, logger, simulate = true, token = randomBytes(18).toString("base64url") } = options;
  const [{ env, simulator }, page] = await Promise.all([findProviders(options.env, simulate), buildPage()]);
  const calls = createCallLog();
  const llm = await createBabylonLLM({ env, logger, recorders: [calls.record] });
  let origins: readonly string[] = [];
  const app = createApp({
    llm,
    authorize: authorizeBearer({ admin: token }),
    page,
    calls,
    simulator,
    logger,
    origins: () => origins,
  });

  const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  // A server that listens on a port has an address of this form.
  const { port: taken } = server.address() as AddressInfo;
  origins = [`http://127.0.0.1:${taken}`, `http://localhost:${taken}`];
  const { trafficEveryMs = simulator === null ? null : 900 } = options;
  const stopTraffic = trafficEveryMs === null ? null : startBackgroundTraffic(llm, trafficEveryMs);

  return {
    url: `http://127.0.0.1:${taken}`,
    token,
    simulated: simulator !== null,
    settings: llm.settings.status().location,
    traffic: stopTraffic !== null,
    async close() {
      stopTraffic?.();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      await llm.close();
      await simulator?.close();
    },
  };
}
