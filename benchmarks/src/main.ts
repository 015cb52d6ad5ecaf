/**
 * Compares this client with SDKs and other libraries, against a mock server on loopback: `npx -y pnpm@10 bench`. It takes less than five
 * minutes and exits with 1 if a limit is exceeded.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startMock } from "./mock/start-mock.ts";
import type { Line } from "./report/line.ts";
import { machine } from "./report/machine.ts";
import { figuresTable, ownLines, startLines, toLines } from "./report/to-lines.ts";
import { toMarkdown } from "./report/to-markdown.ts";
import { MEMORY_ROW, measureMemory } from "./rows/measure-memory.ts";
import { measureStart } from "./rows/measure-start.ts";
import { measureWork } from "./rows/measure-work.ts";
import type { Measured } from "./rows/row.ts";
import { WORK_ROWS } from "./rows/work-rows.ts";
import { installBuilt } from "./run/install-built.ts";
import { runScript } from "./run/run-script.ts";

const HELP = `Our client beside the SDKs that people use instead, in less than five minutes.

  npx -y pnpm@10 bench                       all rows
  npx -y pnpm@10 bench --only "a write for"  the rows whose names have these words; also: start, rescue
  npx -y pnpm@10 bench --write               puts the tables into docs/benchmarks.md

Ends with 1 when a limit does not hold.`;

const WORK_MS = 170_000;
const MEMORY_MS = 30_000;
const FIRST_TOKEN_MS = 200;
const FLAKY_CALLS = 5_000;
const PAGE = new URL("../../docs/benchmarks.md", import.meta.url);

const { values: options } = parseArgs({
  options: { only: { type: "string" }, write: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
if (options.help) {
  console.log(HELP);
  process.exit();
}
if (options.write && options.only !== undefined) throw new Error("--write needs all rows: leave --only out");

const wanted = (what: string): boolean => what.toLowerCase().includes((options.only ?? "").toLowerCase());
const began = performance.now();
const say = (what: string): void =>
  console.error(`${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s  ${what}`);

const built = mkdtempSync(join(tmpdir(), "built-"));
const mock = await startMock();
try {
  say("build");
  installBuilt("@babylon/llm", built);
  // Inherited by all child processes.
  process.env.BABYLON_BUILT = built;
  const measured: Measured[] = [];
  const lines: Line[] = [];
  if (wanted("start")) {
    say("fresh processes");
    lines.push(...startLines(await measureStart(mock.url, built)));
  }
  measured.push(
    ...(await measureWork(
      mock.url,
      WORK_ROWS.filter(({ what }) => wanted(what)),
      WORK_MS / WORK_ROWS.length,
      say,
    )),
  );
  if (wanted(MEMORY_ROW.what)) {
    say("memory with calls in flight");
    measured.push(await measureMemory(mock.url, MEMORY_MS));
  }
  lines.unshift(...measured.flatMap(toLines));
  if (wanted("rescue")) {
    say("rescue and random failures");
    const rescueMs = await runScript("rescue.ts", mock.url, FIRST_TOKEN_MS);
    const failed = await runScript("flaky.ts", mock.url, FLAKY_CALLS);
    lines.push(...ownLines({ rescueMs, failed, calls: FLAKY_CALLS }));
  }
  say("done");

  if (lines.length === 0) throw new Error(`no row has the words "${options.only}"`);
  const tables = [
    toMarkdown(lines),
    `\n${new Date().toISOString().slice(0, 10)}. ${machine()}\n`,
    figuresTable(measured),
  ].join("\n");
  console.log(tables);
  if (options.write) {
    const [head = ""] = readFileSync(PAGE, "utf8").split("<!-- measured -->");
    writeFileSync(PAGE, `${head}<!-- measured -->\n\n${tables}\n`);
  }
  if (lines.some(({ holds }) => !holds)) process.exitCode = 1;
} finally {
  rmSync(built, { recursive: true });
  mock.close();
}
