import {
  createLLMClient,
  isLLMError,
  type LLMClient,
  type ModelInfo,
  type Plan,
  type Provider,
} from "@babylon/llm-core";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { type DescribedError, describeError } from "../output/describe-error.ts";
import { formatTable } from "../output/format-table.ts";
import { openCliStore } from "../settings/open-cli-store.ts";

/** The models of one provider. */
interface ProviderModels {
  readonly provider: Provider;
  /** The vendor's list, or the built-in one. */
  readonly source: "vendor" | "package";
  readonly inUse: string | null;
  readonly models: readonly ModelInfo[];
  readonly error: DescribedError | null;
}

/** Lists the models of one provider, or of all that have a key. */
export const modelsCommand: Command = async (context) => {
  const { operands, providers, environment, json, print } = context;
  const [named] = operands;
  const provider = providers.find(({ id }) => id === named);
  if (named !== undefined && provider === undefined) {
    throw new UsageError(`unknown provider "${named}": expected one of ${providers.map(({ id }) => id).join(", ")}`);
  }
  const withKey = providers.filter((one) => one.isConfigured(environment.env));
  const selected = provider === undefined ? (withKey.length === 0 ? providers : withKey) : [provider];
  const { store } = await openCliStore(context, "read");
  const llm = createLLMClient({ providers, settings: store, env: environment.env });
  try {
    const plan = await llm.plan();
    const lists = await Promise.all(selected.map((one) => listOf(one, plan, llm, context)));
    context.host.abortSignal.throwIfAborted();
    const failed = lists.some(({ error }) => error !== null);
    if (json) print.json({ ok: !failed, providers: lists.map(toJSON) });
    else
      for (const [index, list] of lists.entries()) print.lines(...(index > 0 ? [""] : []), ...toLines(list, context));
    return failed ? EXIT.failed : EXIT.ok;
  } finally {
    await llm.close();
    await store.close();
  }
};

async function listOf(
  provider: Provider,
  plan: Plan,
  llm: LLMClient,
  { providers, environment, host }: CommandContext,
): Promise<ProviderModels> {
  const inUse = plan.providers.find(({ provider: id }) => id === provider.id)?.model ?? null;
  const known = { provider, inUse, source: "package", models: provider.models, error: null } as const;
  if (!provider.isConfigured(environment.env)) return known;
  try {
    const models = await llm.listModels(provider.id, { abortSignal: host.abortSignal });
    return { ...known, source: "vendor", models };
  } catch (thrown) {
    if (isLLMError(thrown, "aborted")) throw thrown;
    return { ...known, models: [], source: "vendor", error: describeError(thrown, providers) };
  }
}

function toJSON({ provider: { id, name }, error, ...rest }: ProviderModels): object {
  const failure = error === null ? {} : { error: { code: error.code, message: error.message, fix: error.fix } };
  return { provider: id, name, ...rest, ...failure };
}

function toLines({ provider, source, inUse, models, error }: ProviderModels, { print }: CommandContext): string[] {
  const { bold, dim, bad } = print.styles;
  const from =
    source === "vendor" ? "" : dim(`: built-in list; set ${provider.envKey ?? "a key"} for the vendor's list`);
  const head = `${bold(provider.name)} (${provider.id})${from}`;
  if (error !== null) return [head, `  ${bad(error.message)}`, ...(error.fix === null ? [] : [`  fix: ${error.fix}`])];
  const sorted = [...models].sort((one, other) => (one.id < other.id ? -1 : 1));
  const rows = sorted.map((model) => [`${model.id === inUse ? " *" : "  "} ${model.id}`, dim(factsOf(model))]);
  const missing = inUse !== null && source === "vendor" && !models.some(({ id }) => id === inUse);
  return [
    head,
    ...formatTable(rows),
    ...(missing ? [`  ${bad(`${inUse}, which the chain uses, is not in the list`)}`] : []),
  ];
}

function factsOf({ recommended, contextTokens, retiresAt }: ModelInfo): string {
  const facts = [
    ...(recommended ? ["recommended"] : []),
    ...(contextTokens === null ? [] : [`${contextTokens.toLocaleString("en")} tokens`]),
    ...(retiresAt === null ? [] : [`until ${retiresAt}`]),
  ];
  return facts.join(", ");
}
