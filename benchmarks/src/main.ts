/**
 * Our client beside the SDKs and libraries that people use instead, against a mock server on loopback: `npx -y pnpm@10 bench`. It takes
 * less than five minutes and ends with 1 when a limit does not hold. `--write` puts the tables into `docs/benchmarks.md`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMock } from "./mock/start-mock.ts";
import { machine } from "./report/machine.ts";
import { figuresTable, ownLines, startLines, toLines } from "./report/to-lines.ts";
import { toMarkdown } from "./report/to-markdown.ts";
import { measureMemory } from "./rows/measure-memory.ts";
import { measureStart } from "./rows/measure-start.ts";
import { measureWork } from "./rows/measure-work.ts";
import { installBuilt } from "./run/install-built.ts";
import { runScript } from "./run/run-script.ts";

const WORK_MS = 170_000;
const MEMORY_MS = 30_000;
const FIRST_TOKEN_MS = 200;
const FLAKY_CALLS = 5_000;
const PAGE = new URL("../../docs/benchmarks.md", import.meta.url);

const began = performance.now();
const say = (what: string): void =>
  console.error(`${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s  ${what}`);

const built = mkdtempSync(join(tmpdir(), "built-"));
const mock = await startMock();
try {
  say("build");
  installBuilt("@babylon/llm", built);
  // For all processes that are started from here.
  process.env.BABYLON_BUILT = built;
  say("fresh processes");
  const start = await measureStart(mock.url, built);
  const work = await measureWork(mock.url, WORK_MS, say);
  say("memory with calls in flight");
  const memory = await measureMemory(mock.url, MEMORY_MS);
  say("rescue and random failures");
  const rescueMs = await runScript("rescue.ts", mock.url, FIRST_TOKEN_MS);
  const failed = await runScript("flaky.ts", mock.url, FLAKY_CALLS);
  say("done");

  const measured = [...work, memory];
  const lines = [
    ...measured.flatMap(toLines),
    ...startLines(start),
    ...ownLines({ rescueMs, failed, calls: FLAKY_CALLS }),
  ];
  const tables = [
    toMarkdown(lines),
    `\n${new Date().toISOString().slice(0, 10)}. ${machine()}\n`,
    figuresTable(measured),
  ].join("\n");
  console.log(tables);
  if (process.argv.includes("--write")) {
    const [head = ""] = readFileSync(PAGE, "utf8").split("<!-- measured -->");
    writeFileSync(PAGE, `${head}<!-- measured -->\n\n${tables}\n`);
  }
  if (lines.some(({ holds }) => !holds)) process.exitCode = 1;
} finally {
  rmSync(built, { recursive: true });
  mock.close();
}
