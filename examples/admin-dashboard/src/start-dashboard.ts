import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Authorize, authorizeBearer } from "@babylon/admin-api";
import { createBabylonLLM } from "@babylon/llm";
import { type Env, type Logger, readEnv } from "@babylon/llm-core";
import { openRecordStore, type RecordStore } from "@babylon/record-store";
import { serve } from "@hono/node-server";
import { startBackgroundTraffic } from "./background-traffic.ts";
import { buildPage } from "./build-page.ts";
import { createCallLog } from "./call-log.ts";
import { createApp } from "./create-app.ts";
import { findProviders } from "./find-providers.ts";
import { type OpenedTuning, openTuning } from "./open-tuning.ts";
import { SIMULATED_BUDGETS } from "./simulated-budgets.ts";
import { simulatedHistory } from "./simulated-history.ts";
import { startSimulatedTuning } from "./simulated-tuning.ts";

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
  /** Where the records of calls are. */
  readonly records: string;
  readonly traffic: boolean;
  /** Where models are trained, or what is missing for that. */
  readonly tuning: string;
  close(): Promise<void>;
}

interface OpenedRecords {
  readonly store: RecordStore;
  close(): Promise<void>;
}

/** Opens the records of `BABYLON_RECORDS_URL`, or a database that is removed at the end, with an invented past for simulated providers. */
async function openRecords(
  { BABYLON_RECORDS_URL: url }: Env,
  simulated: boolean,
  logger: Logger,
): Promise<OpenedRecords> {
  if (url !== undefined && url !== "") {
    const store = await openRecordStore({ url, at: "BABYLON_RECORDS_URL", logger });
    return { store, close: () => store.close() };
  }
  const folder = await mkdtemp(join(tmpdir(), "babylon-records-"));
  const store = await openRecordStore({ url: `sqlite://${join(folder, "records.db")}`, keepDays: 60, logger });
  if (simulated) for (const record of simulatedHistory(Date.now(), Math.random)) void store.recorder(record);
  return {
    store,
    async close() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The bearer of the token may do everything, and read the content of simulated calls. Content of real ones is not recorded. */
function authorizeToken(token: string, simulated: boolean): Authorize {
  const authorize = authorizeBearer({ admin: token });
  return async (request) => {
    const authorized = await authorize(request);
    if (authorized instanceof Response || !simulated) return authorized;
    return { ...authorized, permissions: ["read", "write", "content"] };
  };
}

/** Starts client, settings, page and server. Rejects when the port is taken or the settings cannot be opened. */
export async function startDashboard(options: DashboardOptions): Promise<RunningDashboard> {
  const { port, logger, simulate = true, token = randomBytes(18).toString("base64url") } = options;
  const [{ env, simulator }, page] = await Promise.all([findProviders(options.env, simulate), buildPage()]);
  const calls = createCallLog();
  const simulated = simulator !== null;
  const records = await openRecords(options.env, simulated, logger);
  async function closeParts(): Promise<void> {
    await records.close();
    await simulator?.close();
  }
  const llm = await createBabylonLLM({
    env,
    logger,
    recorders: [calls.record],
    records: records.store,
    // In memory they end with the process, and so do the figures.
    experiments: options.env.BABYLON_EXPERIMENTS_URL ?? "memory://",
    recordContent: simulated,
    // Without a store of the service's own, for this process alone.
    state: readEnv(env, "BABYLON_STATE_URL") ?? "memory://",
    budgets: simulated ? SIMULATED_BUDGETS : [],
  }).catch(async (thrown: unknown) => {
    await closeParts();
    throw thrown;
  });
  async function startTuning(): Promise<OpenedTuning> {
    if (simulator === null) return openTuning(llm, env);
    return startSimulatedTuning({ llm, env, simulator, logger });
  }
  const tuning = await startTuning().catch(async (thrown: unknown) => {
    await llm.close();
    await closeParts();
    throw thrown;
  });
  let origins: readonly string[] = [];
  const app = createApp({
    llm,
    records: records.store,
    authorize: authorizeToken(token, simulated),
    page,
    calls,
    simulator,
    tuning: tuning.tuning,
    logger,
    origins: () => origins,
  });

  const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  }).catch(async (thrown: unknown) => {
    await tuning.close();
    await llm.close();
    await closeParts();
    throw thrown;
  });
  // A server that listens on a port has an address of this form.
  const { port: taken } = server.address() as AddressInfo;
  origins = [`http://127.0.0.1:${taken}`, `http://localhost:${taken}`];
  const { trafficEveryMs = simulator === null ? null : 900 } = options;
  const stopTraffic = trafficEveryMs === null ? null : startBackgroundTraffic(llm, trafficEveryMs);

  return {
    url: `http://127.0.0.1:${taken}`,
    token,
    simulated,
    settings: llm.settings.status().location,
    records: records.store.location,
    traffic: stopTraffic !== null,
    tuning: tuning.description,
    async close() {
      stopTraffic?.();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      await tuning.close();
      await llm.close();
      await closeParts();
    },
  };
}
