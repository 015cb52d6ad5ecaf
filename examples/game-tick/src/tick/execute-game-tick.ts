import type { SettingsSource, SystemSettings } from "@babylon/llm-core";
import { loadWorld } from "../world/load-world.ts";
import type { World } from "../world/world.ts";
import { decide } from "./decide.ts";
import { loadSettings, wandbModelOf } from "./load-settings.ts";
import { openQuestions } from "./open-questions.ts";
import { runAgents } from "./run-agents.ts";
import type { Tick } from "./tick.ts";
import type { TickEvent } from "./tick-event.ts";
import type { TickLLM } from "./tick-llm.ts";
import type { TickResult } from "./tick-result.ts";
import { writeArticles } from "./write-articles.ts";
import { writePosts } from "./write-posts.ts";

/** The inputs of a tick. */
export interface GameTickOptions {
  readonly llm: TickLLM;
  /** The source of the W&B model; read at each call. */
  readonly settings: SettingsSource | SystemSettings;
  /** The time limit of the tick and its calls. Default 180,000 ms. */
  readonly budgetMs?: number | undefined;
  /** Called with each event of the tick. */
  readonly onProgress?: ((event: TickEvent) => void) | undefined;
  /** The number of agents. Default 20. */
  readonly agents?: number | undefined;
  /** The seed that selects posters, reported questions and agents. Default 1. */
  readonly seed?: number | undefined;
  /** Default: the city of Tidewick, from the example's data files. */
  readonly world?: World | undefined;
  readonly abortSignal?: AbortSignal | undefined;
}

/**
 * Runs one tick of the game: 8 posts and one decision batch for all characters side by side, 10 articles, 3 new questions one after
 * the other, then the agents.
 *
 * A failed call is in `lost` and does not stop the tick.
 *
 * @throws the signal's reason, once all calls have ended, when it is aborted
 */
export async function executeGameTick(options: GameTickOptions): Promise<TickResult> {
  const { llm, settings, budgetMs = 180_000, onProgress = () => {}, agents = 20, seed = 1, abortSignal } = options;
  const startedAt = Date.now();
  const started = performance.now();
  const world = options.world ?? (await loadWorld());
  const tick: Tick = {
    id: tickId(startedAt, seed),
    seed,
    llm,
    world,
    agents,
    deadline: startedAt + budgetMs,
    abortSignal,
    readSettings: () => loadSettings(settings),
    onProgress,
    lost: [],
    counters: { calls: 0 },
  };

  const { value, version } = await tick.readSettings();
  const wandbModel = wandbModelOf(value);
  onProgress({ type: "settings", wandbModel, version });

  const deciding = decide(tick);
  const posting = writePosts(tick);
  // Waits for both, also if one is aborted: no call may continue.
  await Promise.allSettled([deciding, posting]);
  const { decisions, undecided, decisionSource } = await deciding;
  const posts = await posting;
  const articles = await writeArticles(tick, decisions);
  const questions = await openQuestions(tick);
  const turns = await runAgents(tick);

  return {
    id: tick.id,
    seed,
    startedAt,
    durationMs: performance.now() - started,
    budgetMs,
    wandbModel,
    posts,
    decisions,
    decisionSource,
    undecided,
    articles,
    questions,
    agents: turns,
    calls: tick.counters.calls,
    lost: tick.lost,
  };
}

/** `tick-20260409T101500000Z-s1`: sorts by time, and every call id begins with it. */
function tickId(startedAt: number, seed: number): string {
  const time = new Date(startedAt).toISOString().replace(/[-:.]/g, "");
  return `tick-${time}-s${seed}`;
}
