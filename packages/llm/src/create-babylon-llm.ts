import type { Budget } from "@babylon/budget";
import type { Experiments } from "@babylon/experiments";
import {
  createLLMClient,
  invalidInput,
  type LLMClient,
  type LLMClientOptions,
  processEnv,
  requireNode,
  type SettingsSource,
  systemClock,
} from "@babylon/llm-core";
import type { RecordStore } from "@babylon/record-store";
import type { SettingsStore } from "@babylon/settings-store";
import type { SharedState } from "@babylon/shared-state";
import type { Metrics } from "@babylon/telemetry";
import { type PricerOption, toPricer } from "./default-pricer.ts";
import { defaultProviders } from "./default-providers.ts";
import { type ExperimentsOption, openExperiments } from "./experiments/open-experiments.ts";
import { type MetricsOption, openMetrics } from "./open-metrics.ts";
import { openSettings, type SettingsOption } from "./open-settings.ts";
import { openRecords, type RecordsOption } from "./records/open-records.ts";
import { type BudgetsOption, openStateAndBudgets, type StateOption } from "./state/open-state-and-budgets.ts";
import { optionsFromState } from "./state/options-from-state.ts";

/** Options of {@link createBabylonLLM}: those of `createLLMClient`, with the providers and the settings found for you. */
export interface BabylonLLMOptions<S extends SettingsOption = SettingsOption>
  extends Omit<LLMClientOptions, "providers" | "settings" | "pricer"> {
  /** Default: W&B, Groq, Claude and OpenAI, in this order. */
  readonly providers?: LLMClientOptions["providers"] | undefined;
  /**
   * A store's URL, a store or other source of your own, or a fixed value. Default: the store of `BABYLON_SETTINGS_URL`, else
   * `sqlite://./data/babylon.db`. A store opened here is closed with the client; your own is not.
   */
  readonly settings?: S;
  /**
   * Where records of calls are stored: a URL (`sqlite://./data/records.db`, `jsonl://folder`, `postgres://host/database`,
   * `clickhouse+https://host/database`), or a store of `openRecordStore`; `false`: nowhere. Default: the URL of `BABYLON_RECORDS_URL`, else nowhere.
   * A store opened here is closed with the client; your own is not.
   */
  readonly records?: RecordsOption;
  /**
   * What processes share while they call: the sums of budgets, and what vendors say (waits, exhausted quotas, refused keys, unknown models).
   * A URL such as `redis://localhost:6379` or `sqlite://./data/state.db`, or a state of `openSharedState`; `false`: nothing. Default: the URL of
   * `BABYLON_STATE_URL`, else nothing. A state opened here is closed with the client; your own is not.
   */
  readonly state?: StateOption;
  /**
   * Whether `maxConcurrency` counts the calls of all processes that share the state, for vendors that limit concurrency per key. Needs a
   * `state`. Default: `false`, each process counts its own.
   */
  readonly sharedConcurrency?: boolean | undefined;
  /**
   * Limits of cost and tokens: rules, the options of `createBudget` of `@babylon/budget`, or budgets of your own, which are not closed with the client;
   * `false`: none. Default: those of the settings, where a shared state is named. Without a named state they count in this process.
   */
  readonly budgets?: BudgetsOption;
  /**
   * Experiments between models: where their exposures are stored, such as `sqlite://./data/experiments.db`, options with that `url`, or experiments of
   * `createExperiments`; `false`: none. The experiments themselves are in the settings. Default: the URL of `BABYLON_EXPERIMENTS_URL`, else none.
   * Experiments opened here are closed with the client; your own are not.
   */
  readonly experiments?: ExperimentsOption;
  /**
   * Counts calls, attempts, tokens, costs and latency in this process: the options of `createMetrics` of `@babylon/telemetry`, or metrics of
   * your own. Default: none.
   */
  readonly metrics?: MetricsOption | undefined;
  /**
   * Prices each attempt. Default: the vendors' price lists of `@babylon/prices`, loaded by the first call. For prices of your own, pass its
   * `createPricer({ overrides, tenants })`. `false`: no prices; costs are `null`.
   */
  readonly pricer?: PricerOption;
}

/** The settings that go with an option: a store where one was opened, else what was given. */
export type SettingsOf<S extends SettingsOption> = S extends SettingsSource
  ? S
  : S extends string | undefined
    ? SettingsStore
    : SettingsSource;

/** A client wired from the environment, with its settings: a store, unless others were given. */
export interface BabylonLLM<S extends SettingsSource = SettingsStore> extends LLMClient {
  readonly settings: S;
  /** `null`: calls are not recorded. */
  readonly records: RecordStore | null;
  /** The metrics of the option `metrics`; `null`: none. */
  readonly metrics: Metrics | null;
  /** `null`: nothing is shared with other processes. */
  readonly state: SharedState | null;
  /** `null`: there are no limits of cost and tokens. */
  readonly budget: Budget | null;
  /** `null`: no call is in an experiment. */
  readonly experiments: Experiments | null;
}

/**
 * Wires the four providers and the settings store from the environment.
 *
 * Throws `invalid_input` for wrong options, a `SettingsError` when the settings store cannot be opened, and a `StorageError` when
 * the store of records or of experiments or the shared state cannot be opened. A missing key is not an error here: the first call says which
 * variables would help.
 */
export async function createBabylonLLM<S extends SettingsOption = undefined>(
  options: BabylonLLMOptions<S> = {},
): Promise<BabylonLLM<SettingsOf<S>>> {
  // The store is opened before the client is created, and needs this check, too.
  requireNode();
  const {
    settings: given,
    records: recordsOption,
    state: stateOption,
    sharedConcurrency = false,
    budgets,
    experiments: experimentsOption,
    providers = defaultProviders(),
    env,
    pricer,
    metrics: counted,
    ...rest
  } = options;
  const { logger, clock = systemClock } = rest;
  const metrics = counted === undefined ? null : await openMetrics(counted);
  const { settings, close } = await openSettings(given, env ?? processEnv());
  const { records, close: closeRecords } = await openRecords(recordsOption, env ?? processEnv(), rest).catch(
    closeFirst(close),
  );
  const closeBefore = async (): Promise<void> => {
    await closeRecords();
    await close();
  };
  const shared = await openStateAndBudgets(stateOption, budgets, {
    env: env ?? processEnv(),
    settings,
    pricer: toPricer(pricer, { logger, now: () => clock.now() }),
    clock: rest.clock,
    logger,
  }).catch(closeFirst(closeBefore));
  const opened = await openExperiments(experimentsOption, {
    ...rest,
    env: env ?? processEnv(),
    settings,
    state: shared.isOwn ? null : shared.state,
    pricer: shared.pricer,
  }).catch(
    closeFirst(async () => {
      await shared.close();
      await closeBefore();
    }),
  );
  const closeOpened = async (): Promise<void> => {
    await opened.close();
    await shared.close();
    await closeBefore();
  };
  if (sharedConcurrency && shared.state === null) {
    await closeOpened();
    throw invalidInput("sharedConcurrency", "a shared state: set the option state, or BABYLON_STATE_URL");
  }
  const sharing =
    shared.state === null || shared.isOwn
      ? null
      : await optionsFromState(shared.state, env ?? processEnv(), { ...rest, logger, sharedConcurrency });
  const recorders = [
    ...(rest.recorders ?? []),
    ...(metrics === null ? [] : [metrics.recorder]),
    ...(records === null ? [] : [records.recorder]),
    ...opened.recorders,
  ];
  const client = createLLMClient({
    ...rest,
    env: sharing?.env ?? env,
    breaker: sharing?.breaker ?? rest.breaker,
    slots: sharing?.slots ?? rest.slots,
    providers,
    settings,
    recorders,
    gates: [...(rest.gates ?? []), ...(shared.budget === null ? [] : [shared.budget.gate]), ...opened.gates],
    router: opened.router,
    observers: [...(rest.observers ?? []), ...opened.observers],
    pricer: shared.pricer,
  });
  opened.attach(client);
  const closeAll = async (): Promise<void> => {
    await client.close();
    sharing?.close();
    await closeOpened();
  };
  return {
    ...client,
    // What openSettings returns for the type of the option is what SettingsOf says.
    settings: settings as SettingsOf<S>,
    records,
    metrics,
    state: shared.state,
    budget: shared.budget,
    experiments: opened.experiments,
    close: closeAll,
    [Symbol.asyncDispose]: closeAll,
  };
}

/** For `catch`: closes what was opened before, and fails with the error. */
const closeFirst =
  (close: () => Promise<void>) =>
  async (error: unknown): Promise<never> => {
    await close();
    throw error;
  };
