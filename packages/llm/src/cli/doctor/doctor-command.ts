import { createLLMClient } from "@babylon/llm-core";
import { secondsFlag } from "../arguments/read-flag.ts";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { formatTable } from "../output/format-table.ts";
import { checkClock } from "./check-clock.ts";
import { checkNode } from "./check-node.ts";
import { checkProvider } from "./check-provider.ts";
import { checkProxies } from "./check-proxy.ts";
import { checkStore, settingsOf } from "./check-store.ts";
import type { Finding } from "./finding.ts";

const DEFAULT_TIMEOUT_MS = 20_000;

/** Checks the setup (keys, clock, proxies, settings) and prints fixes. */
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
  message: "the chain is empty",
  fix: "set one of the keys, in the environment or in .env, and check that its provider is enabled in the settings",
};

function toLines(findings: readonly Finding[], { print }: CommandContext): string[] {
  const { good, bad, warning, dim, bold } = print.styles;
  const marks = { good: good("ok"), warning: warning("warn"), bad: bad("FAIL"), skipped: dim("-") };
  const rows = findings.map(({ about, verdict, message }) => [
    marks[verdict],
    about,
    verdict === "skipped" ? dim(message) : message,
  ]);
  const fixable = findings.filter(({ verdict, fix }) => (verdict === "bad" || verdict === "warning") && fix !== null);
  const failures = findings.filter(({ verdict }) => verdict === "bad").length;
  return [
    ...formatTable(rows),
    "",
    ...(fixable.length === 0 ? [] : [bold("Fixes"), ...fixable.map(({ about, fix }) => `  ${about}: ${fix}`), ""]),
    failures === 0 ? good("All checks passed.") : bad(`${failures} failed.`),
  ];
}
