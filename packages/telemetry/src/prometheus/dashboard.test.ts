import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRecord, type LinkHealth } from "@babylon/llm-core";
import { describe, expect, it } from "vitest";
import { createMetrics } from "../metrics/create-metrics.ts";
import { parseExposition } from "../test-support/parse-exposition.ts";
import { sampleAttempt, sampleFailure, sampleRecord } from "../test-support/sample-record.ts";
import { prometheusText } from "./prometheus-text.ts";

const FOLDER = join(import.meta.dirname, "../..");
const dashboard: unknown = JSON.parse(readFileSync(join(FOLDER, "grafana/babylon-llm.json"), "utf8"));
const alerts = readFileSync(join(FOLDER, "alerts/babylon.yml"), "utf8");

/** Every `expr` and `query` of a dashboard. */
function queriesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(queriesOf);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    (name === "expr" || name === "query") && typeof inner === "string" ? [inner] : queriesOf(inner),
  );
}

/** The labels of each metric that is exported, with those of its buckets. */
function exportedLabels(): ReadonlyMap<string, ReadonlySet<string>> {
  const metrics = createMetrics();
  metrics.recorder(sampleRecord([sampleFailure("server"), sampleAttempt()]));
  // Only these fields are read.
  const health = [{ provider: "a", model: "m", state: "open", active: 1, queued: 1 }] as unknown as LinkHealth[];
  const budgets = (["usd", "tokens"] as const).map((unit) => ({ rule: unit, unit, limit: 2, left: 1 }));
  const { samples } = parseExposition(prometheusText(metrics, { client: { health: () => health }, budgets }));
  const labels = new Map<string, Set<string>>();
  for (const { name, labels: own } of samples) {
    const known = labels.get(name) ?? new Set();
    for (const label of Object.keys(own)) known.add(label);
    labels.set(name, known);
  }
  return labels;
}

const exported = exportedLabels();
const queries = queriesOf(dashboard).filter((query) => query.includes("babylon_"));

const namesIn = (text: string): readonly string[] => [...new Set(text.match(/babylon_[a-z_]+/g))];

/** The labels that a text gives to metrics in braces, as pairs of metric and label. */
const matchersIn = (text: string): readonly (readonly [string, string])[] =>
  [...text.matchAll(/(babylon_[a-z_]+)\{([^}]*)\}/g)].flatMap(([, metric = "", matchers = ""]) =>
    [...matchers.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => [metric, label] as const),
  );

describe.each([
  ["the dashboard", queries.join("\n")],
  ["the alerts", alerts],
])("%s", (_, text) => {
  it("names metrics that exist", () => {
    expect(namesIn(text).length).toBeGreaterThan(5);
    expect(namesIn(text).filter((name) => !exported.has(name))).toEqual([]);
  });

  it("sums by labels that exist", () => {
    const all = new Set([...exported.values()].flatMap((labels) => [...labels]));
    const grouped = [...text.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = ""]) => labels.split(/,\s*/));
    expect(grouped.length).toBeGreaterThan(5);
    expect(grouped.filter((label) => !all.has(label))).toEqual([]);
  });

  it("names labels that these metrics have", () => {
    expect(matchersIn(text).length).toBeGreaterThan(5);
    expect(matchersIn(text).filter(([metric, label]) => exported.get(metric)?.has(label) !== true)).toEqual([]);
  });
});

it("the dashboard shows every metric", () => {
  const shown = new Set(namesIn(queries.join("\n")));
  const families = [...exported.keys()].map((name) => name.replace(/_(?:bucket|sum|count)$/, ""));
  const missing = families.filter((family) => ![...shown].some((name) => name.startsWith(family)));
  expect([...new Set(missing)]).toEqual([]);
});

it("panels have ids of their own and do not overlap", () => {
  if (!isRecord(dashboard) || !Array.isArray(dashboard.panels)) expect.fail("no panels");
  const cells = new Set<string>();
  const ids = new Set<unknown>();
  for (const { id, gridPos } of dashboard.panels) {
    expect(ids.has(id)).toBe(false);
    ids.add(id);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(x).toBeLessThan(24);
        expect(cells.has(`${x} ${y}`)).toBe(false);
        cells.add(`${x} ${y}`);
      }
    }
  }
  expect(ids.size).toBeGreaterThan(15);
});

const promtool = (...args: readonly string[]) => spawnSync("promtool", args, { encoding: "utf8" });
const hasPromtool = promtool("--version").status === 0;
if (!hasPromtool) console.log("skipped: promtool is not installed (Debian: apt-get install prometheus)");

describe.skipIf(!hasPromtool)("promtool", () => {
  it("accepts the alerts", () => {
    const { status, stdout, stderr } = promtool("check", "rules", join(FOLDER, "alerts/babylon.yml"));
    expect([status, stderr, stdout]).toEqual([0, "", expect.stringContaining("SUCCESS")]);
  });

  it("fires each alert when it should, and not else", () => {
    const { status, stdout, stderr } = promtool("test", "rules", join(FOLDER, "src/test-support/alerts.test.yml"));
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining("SUCCESS")]);
  });

  it("accepts every query of the dashboard", () => {
    const folder = mkdtempSync(join(tmpdir(), "dashboard-"));
    try {
      const rules = queries
        .filter((query) => !query.startsWith("label_values"))
        .map((query) => query.replaceAll("$__rate_interval", "5m").replaceAll(/\$[a-z]+/g, ".*"))
        .map((expr, at) => ({ record: `query:${at}`, expr }));
      const file = join(folder, "rules.yml");
      // JSON is YAML.
      writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
      const { status, stderr } = promtool("check", "rules", file);
      expect([status, stderr]).toEqual([0, ""]);
      expect(rules.length).toBeGreaterThan(15);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

it("each alert has a test", () => {
  const tests = readFileSync(join(FOLDER, "src/test-support/alerts.test.yml"), "utf8");
  const names = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(tests).toMatch(new RegExp(`alertname: ${name}\\s+exp_alerts`));
});
