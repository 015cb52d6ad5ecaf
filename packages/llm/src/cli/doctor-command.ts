import { createLLMClient } from "@babylon/llm-core";
import type { Command, CommandContext } from "./command-context.ts";
import { checkClock } from "./doctor/check-clock.ts";
import { checkNode } from "./doctor/check-node.ts";
import { checkProvider } from "./doctor/check-provider.ts";
import { checkProxies } from "./doctor/check-proxy.ts";
import { checkStore, settingsOf } from "./doctor/check-store.ts";
import type { Finding } from "./doctor/finding.ts";
import { EXIT } from "./exit-code.ts";
import { formatTable } from "./format-table.ts";
import { secondsFlag } from "./read-flag.ts";

const DEFAULT_TIMEOUT_MS = 20_000;

/** Checks what calls depend on, and says what to do about what is wrong. */
export const doctorCommand: Command = async (context) => {
  const { host, environment, providers, json, print } = context;
  const { abortSignal, clock } = host;
  const { env } = environment;
  const timeoutMs = secondsFlag(context.flags, "timeout") ?? DEFAULT_TIMEOUT_MS;
  const checked = await checkStore(context);
  const llm = createLLMClient({ providers, env, ...settingsOf(checked) });
  try {
    const check = { llm, env, providers, timeoutMs, abortSignal };
    const [keys, clockFinding, proxies] = await Promise.all([
      Promise.all(providers.map((provider) => checkProvider(provider, check))),
      checkClock({ env, clock, timeoutMs, abortSignal }),
      checkProxies(env, timeoutMs, abortSignal),
    ]);
    const findings = [checkNode(process.versions.node), ...keys, clockFinding, ...proxies, checked.finding];
    const anyKey = keys.some(({ verdict }) => verdict === "good" || verdict === "bad");
    const all = anyKey ? findings : [...findings, NO_KEY];
    const ok = !all.some(({ verdict }) => verdict === "bad");
    if (json) print.json({ ok, findings: all });
    else print.lines(...toLines(all, context));
    return ok ? EXIT.ok : EXIT.failed;
  } finally {
    await llm.close();
    await checked.store?.close();
  }
};

const NO_KEY: Finding = {
  about: "chain",
  verdict: "bad",
  says: "no provider can be called",
  fix: "set one of the keys, in the environment or in .env, and see that it is not switched off in the settings",
};

function toLines(findings: readonly Finding[], { print }: CommandContext): string[] {
  const { good, bad, warning, dim, bold } = print.styles;
  const marks = { good: good("ok"), warning: warning("warn"), bad: bad("FAIL"), skipped: dim("-") };
  const rows = findings.map(({ about, verdict, says }) => [
    marks[verdict],
    about,
    verdict === "skipped" ? dim(says) : says,
  ]);
  const todo = findings.filter(({ verdict, fix }) => (verdict === "bad" || verdict === "warning") && fix !== null);
  const wrong = findings.filter(({ verdict }) => verdict === "bad").length;
  return [
    ...formatTable(rows),
    "",
    ...(todo.length === 0 ? [] : [bold("What to do"), ...todo.map(({ about, fix }) => `  ${about}: ${fix}`), ""]),
    wrong === 0 ? good("Nothing has to be put right.") : bad(`${wrong} to be put right.`),
  ];
}
