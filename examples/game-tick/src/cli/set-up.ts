import { resolve } from "node:path";
import { type BabylonLLM, type BabylonLLMOptions, createBabylonLLM, type Experiments } from "@babylon/llm";
import { type CallRecord, type Env, type Logger, readEnv } from "@babylon/llm-core";
import { isAccepted, TICK_EXPERIMENT, tickExperiment } from "../experiment/tick-experiment.ts";
import type { CommandHost } from "./command-host.ts";
import { openTickBackend, type TickBackend } from "./open-tick-backend.ts";
import type { TickFlags } from "./parse-flags.ts";
import { readTickEnvironment } from "./read-tick-environment.ts";

/** The resources of a tick. */
export interface Setup {
  readonly backend: TickBackend;
  readonly llm: BabylonLLM;
  close(): Promise<void>;
}

/** Receives the reports of the client. */
export interface Listeners {
  /** Called with the backend before the settings are opened. */
  readonly onBackend: (backend: TickBackend) => void;
  readonly logger: Logger;
  readonly recorder: (record: CallRecord) => void;
}

/** Reads the keys, starts the simulator if needed, and opens the settings. Failures are returned as text for the user. */
export async function setUp(
  host: CommandHost,
  flags: TickFlags,
  listeners: Listeners,
): Promise<Setup | { readonly wrong: string }> {
  let backend: TickBackend | null = null;
  try {
    const environment = await readTickEnvironment(host.env, host.cwd);
    if (flags.faults.length > 0 && environment.withKey.length > 0 && !flags.simulator) {
      return { wrong: "--fault works only with the simulator, and keys are set: add --simulator to ignore them" };
    }
    backend = await openTickBackend(flags, environment);
    listeners.onBackend(backend);
    const variable = readEnv(environment.env, "BABYLON_SETTINGS_URL");
    let experiments: Experiments | null = null;
    const judge = (record: CallRecord): void => {
      const value = isAccepted(record, flags.seed);
      if (value !== null) void experiments?.observe({ callId: record.callId, metric: "accepted", value });
    };
    const llm = await createBabylonLLM({
      env: backend.env,
      settings: flags.settings ?? (flags.experiment ? "memory://" : (variable ?? host.settingsUrl)),
      experiments: flags.experiment ? "memory://" : false,
      records: recordsUrl(flags, host, environment.env),
      ...budgetOptions(flags),
      timeouts: backend.timeouts,
      breaker: backend.breaker,
      logger: listeners.logger,
      recorders: [listeners.recorder, judge],
    }).catch((error: unknown) => {
      // The options above are valid, so a store is what failed to open; the error of the records names its option.
      if (error instanceof Error && error.name === "StorageError") throw error;
      const from = flags.settings !== null ? "--settings" : variable ? "BABYLON_SETTINGS_URL" : "settings";
      throw new Error(`${from}: ${messageOf(error)}`, { cause: error });
    });
    if (llm.experiments !== null) {
      experiments = llm.experiments;
      await llm.settings.update({ experiments: { [TICK_EXPERIMENT]: tickExperiment } }, { actor: "tick" });
    }
    const opened = backend;
    return {
      backend,
      llm,
      async close() {
        await llm.close();
        await opened.close();
      },
    };
  } catch (error) {
    await backend?.close();
    return { wrong: messageOf(error) };
  }
}

/** The budget counts this tick alone, whatever else shares a state. */
function budgetOptions({ budgetUsd }: TickFlags): Pick<BabylonLLMOptions, "state" | "budgets"> {
  if (budgetUsd === null) return {};
  return { state: "memory://", budgets: [{ id: "tick", scope: "all", per: "total", limitUsd: budgetUsd }] };
}

/** The URL of the records: `--records`, else the variable, else the default; the simulator's environment does not have the variable. */
function recordsUrl({ records }: TickFlags, { cwd, recordsUrl: byDefault }: CommandHost, env: Env): string | false {
  if (records === "none") return false;
  if (records === null) return readEnv(env, "BABYLON_RECORDS_URL") ?? byDefault ?? false;
  // The path of an sqlite:// URL is percent-decoded, and ends at a question mark.
  return `sqlite://${resolve(cwd, records).replaceAll("%", "%25").replaceAll("?", "%3F")}`;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
