import type { Experiments, ExperimentsOptions } from "@babylon/experiments";
import {
  type AttemptGate,
  type CallObserver,
  type CallRouter,
  type Clock,
  type Env,
  invalidInput,
  type LazyPricer,
  type LLMClient,
  type Logger,
  type Pricer,
  type Recorder,
  readEnv,
} from "@babylon/llm-core";
import type { SharedState } from "@babylon/shared-state";
import { type JudgingMoney, type JudgingMoneyOptions, openJudgingMoney } from "./open-judging-money.ts";

/** Experiments that are opened for a client: the options of `createExperiments`, with a URL instead of rows. */
export interface OpenExperimentsOptions
  extends Pick<ExperimentsOptions, "metrics" | "judging" | "guardEveryMs" | "keepDays" | "hashSecret"> {
  /** Where exposures and observations are stored: `sqlite://path`, `postgres://host/database` or `memory://`. */
  readonly url: string;
}

/** A URL, options with a URL, or experiments of your own; `false`: none. */
export type ExperimentsOption = string | OpenExperimentsOptions | Experiments | false | undefined;

/** The experiments of a client, and what the client gets of them. */
export interface OpenedExperiments {
  /** `null`: none. */
  readonly experiments: Experiments | null;
  readonly router: CallRouter | undefined;
  readonly recorders: readonly Recorder[];
  readonly observers: readonly CallObserver[];
  readonly gates: readonly AttemptGate[];
  /** Gives them the client, for shadow calls. */
  attach(llm: LLMClient): void;
  close(): Promise<void>;
}

/** What experiments are opened with. */
export interface ExperimentsContext {
  readonly env: Env;
  readonly settings: NonNullable<ExperimentsOptions["settings"]>;
  /** What processes share; `null`: nothing. */
  readonly state: SharedState | null;
  readonly pricer: Pricer | LazyPricer | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** The router of the client's options. */
  readonly router?: CallRouter | undefined;
}

const URL_VARIABLE = "BABYLON_EXPERIMENTS_URL";
const SECRET_VARIABLE = "BABYLON_HASH_SECRET";

/**
 * Opens the experiments of an option, or of `BABYLON_EXPERIMENTS_URL`. Throws `invalid_input` if there is another router, and a `StorageError`
 * if the rows cannot be opened.
 */
export async function openExperiments(
  option: ExperimentsOption,
  context: ExperimentsContext,
): Promise<OpenedExperiments> {
  const { env, settings, logger, clock, router } = context;
  if (typeof option === "object" && "router" in option) {
    refuseOther(router);
    const { isOwnCall } = await import("@babylon/experiments");
    const money = await openMoney(option, isOwnCall, context);
    return toOpened(option, money, context, async () => money?.close());
  }
  const url = option === undefined ? readEnv(env, URL_VARIABLE) : typeof option === "object" ? option.url : option;
  if (url === undefined || url === false) {
    const none = { recorders: [], observers: [], gates: [], attach: () => {}, close: async () => {} };
    return { experiments: null, router, ...none };
  }
  refuseOther(router);
  // Loaded here and not above: a client without experiments needs none of it.
  const { createExperiments, isOwnCall, openExperimentRows } = await import("@babylon/experiments");
  const at = option === undefined ? URL_VARIABLE : "experiments";
  const rows = await openExperimentRows({ url, at, clock });
  const own: Partial<OpenExperimentsOptions> = typeof option === "object" ? option : {};
  try {
    const secret = own.hashSecret ?? readEnv(env, SECRET_VARIABLE);
    const experiments = createExperiments({ ...own, rows, settings, logger, clock, hashSecret: secret });
    const money = await openMoney(experiments, isOwnCall, context);
    return toOpened(experiments, money, context, async () => {
      await experiments.close();
      await money?.close();
      await rows.close();
    });
  } catch (thrown) {
    await rows.close();
    throw thrown;
  }
}

function refuseOther(router: CallRouter | undefined): void {
  if (router !== undefined) throw invalidInput("router", "no router of your own beside experiments");
}

/** The limit of money of all processes; `null`: they share nothing. */
async function openMoney(
  { judging: { maxUsdPerDay } }: Experiments,
  isOwnCall: JudgingMoneyOptions["isOwnCall"],
  { state, pricer, clock, logger }: ExperimentsContext,
): Promise<JudgingMoney | null> {
  if (state === null || maxUsdPerDay === Number.POSITIVE_INFINITY) return null;
  return openJudgingMoney({ state, pricer, maxUsdPerDay, isOwnCall, clock, logger });
}

function toOpened(
  experiments: Experiments,
  money: JudgingMoney | null,
  { state }: ExperimentsContext,
  close: () => Promise<void>,
): OpenedExperiments {
  const { recorder, observer, router } = experiments;
  return {
    experiments,
    router,
    recorders: [recorder],
    observers: [observer],
    gates: money === null ? [] : [money.gate],
    attach: (llm) => experiments.attach(llm, { ledger: state?.ledger }),
    close,
  };
}
