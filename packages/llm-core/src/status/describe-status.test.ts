import { expect, it } from "vitest";
import type { WindowName } from "../contract/figures.ts";
import type { CallFigures, LossStreak } from "../figures/call-stats.ts";
import { describeStatus, type StatusFacts } from "./describe-status.ts";
import { serviceStateOf } from "./service-state.ts";

const NOW = 1_800_000_000_000;
const NAMES: Readonly<Record<string, string>> = { wandb: "Weights & Biases", groq: "Groq", claude: "Claude" };

const of = (calls: number, succeeded = calls, fallbacks = 0, p50 = 500): CallFigures => ({
  calls,
  succeeded,
  successRate: calls === 0 ? null : succeeded / calls,
  fallbacks,
  durationMs: succeeded === 0 ? null : { p50, p95: p50 },
  firstTokenMs: null,
});

type Provider = StatusFacts["providers"][number];
const provider = (id: string, change: Partial<Provider> = {}): Provider => ({
  provider: id,
  configured: true,
  enabled: true,
  state: "closed",
  code: null,
  ...change,
});
const well = [provider("wandb"), provider("groq"), provider("claude")];
const overloaded = [provider("wandb", { state: "open", code: "overloaded" }), provider("groq"), provider("claude")];
const allDown = well.map((each): Provider => ({ ...each, state: "open", code: "server" }));

interface Case {
  readonly windows?: Partial<Record<WindowName, CallFigures>>;
  readonly losses?: LossStreak | null;
  readonly providers?: readonly Provider[];
  readonly links?: readonly string[];
  readonly serving?: string | null;
}

function factsOf({ windows = {}, losses = null, providers = well, links, serving = null }: Case): StatusFacts {
  const hour = windows.lastHour ?? of(0);
  const calls = { lastMinute: of(0), last5Minutes: of(0), ...windows, lastHour: hour };
  return {
    status: {
      ...serviceStateOf({ calls, losses, nowEpochMs: NOW }),
      calls,
      losses,
      serving: serving === null ? null : { provider: serving, sinceEpochMs: NOW - 3_600_000 },
    },
    links: (links ?? ["wandb", "groq", "claude"]).map((id) => ({ provider: id, model: "m", reason: "" })),
    providers,
    nameOf: (id) => NAMES[id] ?? id,
    formatTime: (epochMs) => `T-${(NOW - epochMs) / 1_000}`,
  };
}

it.each<[string, Case, string, string, string]>([
  [
    "no call yet",
    {},
    "good",
    "Weights & Biases is serving",
    "2 fallbacks ready. No calls in this process in the last hour.",
  ],
  [
    "no call since an outage",
    { losses: { calls: 9, sinceEpochMs: NOW - 7_200_000 } },
    "good",
    "Weights & Biases is serving",
    "2 fallbacks ready. No calls in this process in the last hour; none was served since T-7200.",
  ],
  [
    "all well",
    { windows: { lastMinute: of(34), lastHour: of(900) }, serving: "wandb" },
    "good",
    "Weights & Biases is serving since T-3600",
    "2 fallbacks ready.",
  ],
  [
    "one fallback",
    { windows: { lastMinute: of(34) }, links: ["wandb", "groq"], serving: "groq" },
    "good",
    "Weights & Biases is serving",
    "1 fallback ready.",
  ],
  [
    "a fallback serves, and no minute has passed",
    { windows: { lastMinute: of(34) }, providers: overloaded, links: ["groq", "claude"], serving: "groq" },
    "warn",
    "Groq is serving since T-3600",
    "Weights & Biases is overloaded. 1 fallback ready.",
  ],
  [
    "the first one is switched off",
    {
      windows: { lastMinute: of(34) },
      providers: [provider("wandb", { enabled: false }), provider("groq")],
      links: ["groq"],
    },
    "good",
    "Groq is serving",
    "No fallback is ready.",
  ],
  [
    "every call fails",
    {
      windows: { lastMinute: of(34, 0), lastHour: of(2_000, 1_900) },
      losses: { calls: 60, sinceEpochMs: NOW - 120_000 },
      providers: allDown,
      links: ["claude"],
      serving: "claude",
    },
    "bad",
    "Outage: 0 of 34 calls served in the last minute, since T-120",
    "Weights & Biases answers with errors; Groq answers with errors; Claude answers with errors. The next call starts with Claude. No fallback is ready.",
  ],
  [
    "every call fails since a moment ago",
    { windows: { lastMinute: of(34, 20) }, losses: { calls: 14, sinceEpochMs: NOW - 15_000 } },
    "bad",
    "Outage: 0 of 14 calls served since T-15",
    "The next call starts with Weights & Biases. 2 fallbacks ready.",
  ],
  [
    "one call, lost",
    { windows: { last5Minutes: of(1, 0) }, losses: { calls: 1, sinceEpochMs: NOW - 90_000 } },
    "bad",
    "Outage: 0 of 1 call served in the last 5 minutes, since T-90",
    "The next call starts with Weights & Biases. 2 fallbacks ready.",
  ],
  [
    "a tenth succeeds",
    { windows: { lastMinute: of(30, 3) }, serving: "wandb" },
    "warn",
    "Degraded: 3 of 30 calls served in the last minute (10 %)",
    "Weights & Biases is serving since T-3600. 2 fallbacks ready.",
  ],
  [
    "slow",
    { windows: { lastMinute: of(30, 30, 0, 4_000), lastHour: of(900, 900, 0, 800) } },
    "warn",
    "Degraded: half of the calls take longer than 4.0 s in the last minute, 800 ms in the last hour",
    "Weights & Biases is serving. 2 fallbacks ready.",
  ],
  [
    "mostly by fallbacks",
    { windows: { lastMinute: of(30, 30, 29) }, providers: overloaded, links: ["groq", "claude"] },
    "warn",
    "Degraded: 29 of 30 calls served by a fallback in the last minute",
    "Groq is serving. Weights & Biases is overloaded. 1 fallback ready.",
  ],
  [
    "without a key",
    { providers: [provider("wandb", { configured: false })], links: [] },
    "bad",
    "No provider can be called",
    "No provider has a key yet. Set the variable of one of them and restart.",
  ],
  [
    "all switched off, and calls come",
    {
      windows: { lastMinute: of(2, 0) },
      losses: { calls: 2, sinceEpochMs: NOW - 5_000 },
      providers: [provider("wandb", { enabled: false })],
      links: [],
    },
    "bad",
    "Outage: 0 of 2 calls served in the last minute, since T-5",
    "No provider can be called. Every provider that has a key is switched off or excluded.",
  ],
])("%s", (_, facts, tone, headline, details) => {
  const text = describeStatus(factsOf(facts));
  expect({ ...text, details: text.details.join(" ") }).toEqual({ tone, headline, details });
});
