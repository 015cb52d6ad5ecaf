import { type Clock, isLLMError, type ModelInfo, type Provider } from "@babylon/llm-core";
import type { AdminLLM } from "./admin-shapes.ts";
import type { ListedModel, ProviderModels } from "./contract.ts";

const LIMIT_MS = 3_000;
const KEPT_MS = 60_000;
/** A list that failed is requested again sooner, but not at each refresh of a page. */
const FAILED_KEPT_MS = 15_000;

interface LiveList {
  /** `null`: there is none. */
  readonly models: readonly ModelInfo[] | null;
  /** Epoch milliseconds. */
  readonly listedAt: number | null;
  readonly warning: string | null;
  /** On the clock's monotonic scale. */
  readonly keptUntil: number;
}

/** The models of all providers, and the errors of their lists. */
export interface ModelLists {
  readonly models: Readonly<Record<string, ProviderModels>>;
  readonly warnings: readonly string[];
}

function merge(provider: Provider, live: LiveList | undefined): ProviderModels {
  const liveIds = live?.models == null ? null : new Set(live.models.map(({ id }) => id));
  const known = new Set(provider.models.map(({ id }) => id));
  const others = live?.models?.filter(({ id }) => !known.has(id)) ?? [];
  return {
    models: [...provider.models, ...others].map(
      (model): ListedModel => ({ ...model, listed: liveIds === null ? null : liveIds.has(model.id) }),
    ),
    retired: provider.retired,
    listedAt: live?.listedAt ?? null,
  };
}

/**
 * Requests the lists of models of all providers at once, within 3 s, and caches them for a minute. A list that fails or is empty is a
 * warning; until it works again, the last good one is used.
 */
export function createModelLists(
  llm: AdminLLM,
  clock: Clock,
): { read(configured: ReadonlySet<string>): Promise<ModelLists> } {
  const lists = new Map<string, LiveList>();
  const loading = new Map<string, Promise<LiveList>>();

  async function ask(provider: Provider): Promise<LiveList> {
    const controller = new AbortController();
    let timer: unknown;
    const limit = new Promise<never>((_, reject) => {
      timer = clock.setTimeout(() => {
        reject(new Error(`no answer within ${LIMIT_MS / 1_000} s`));
        controller.abort();
      }, LIMIT_MS);
    });
    const listed = llm.listModels(provider.id, { abortSignal: controller.signal, timeoutMs: LIMIT_MS });
    // When the limit wins the race, nothing awaits this promise.
    listed.catch(() => {});
    try {
      const models = await Promise.race([listed, limit]);
      const listedAt = clock.now();
      if (models.length > 0) return { models, listedAt, warning: null, keptUntil: clock.monotonic() + KEPT_MS };
      return failed(provider, "it is empty");
    } catch (thrown) {
      if (isLLMError(thrown, "unsupported")) {
        return { models: null, listedAt: null, warning: null, keptUntil: clock.monotonic() + KEPT_MS };
      }
      return failed(provider, isLLMError(thrown) ? `${thrown.code}: ${thrown.message}` : `no answer within 3 s`);
    } finally {
      clock.clearTimeout(timer);
    }
  }

  function failed(provider: Provider, why: string): LiveList {
    const before = lists.get(provider.id);
    return {
      models: before?.models ?? null,
      listedAt: before?.listedAt ?? null,
      warning: `the list of models of ${provider.name} could not be read (${why})`,
      keptUntil: clock.monotonic() + FAILED_KEPT_MS,
    };
  }

  function list(provider: Provider): Promise<LiveList> | LiveList {
    const found = lists.get(provider.id);
    if (found !== undefined && found.keptUntil > clock.monotonic()) return found;
    let asking = loading.get(provider.id);
    if (asking === undefined) {
      asking = ask(provider).then((live) => {
        lists.set(provider.id, live);
        loading.delete(provider.id);
        return live;
      });
      loading.set(provider.id, asking);
    }
    return asking;
  }

  return {
    async read(configured) {
      const { providers } = llm;
      const lists = await Promise.all(providers.map((each) => (configured.has(each.id) ? list(each) : undefined)));
      return {
        models: Object.fromEntries(providers.map((provider, at) => [provider.id, merge(provider, lists[at])])),
        warnings: lists.flatMap((live) => live?.warning ?? []),
      };
    },
  };
}
