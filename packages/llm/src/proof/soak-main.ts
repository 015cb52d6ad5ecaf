/** The long soak test: `npx -y pnpm@10 soak`. Exit code 0 only if no invariant was violated. At most five minutes. */
import { parseArgs } from "node:util";
import { runSoak } from "./soak.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "20000" },
    concurrency: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log("soak [--calls 20000] [--concurrency 200] [--seed 1]");
} else {
  const limit = setTimeout(() => {
    console.error("soak: not done within five minutes");
    process.exit(1);
  }, 300_000);
  let reportedTenth = 0;
  const report = await runSoak({
    calls: Number(values.calls),
    concurrency: Number(values.concurrency),
    seed: Number(values.seed),
    collect: globalThis.gc,
    onProgress(done, total) {
      const tenth = Math.floor((done * 10) / total);
      if (tenth === reportedTenth) return;
      reportedTenth = tenth;
      console.log(`${tenth * 10} % (${done} calls)`);
    },
  });
  clearTimeout(limit);
  const growth = report.heap === null ? null : report.heap.last / report.heap.second - 1;
  console.table({
    calls: report.calls,
    attempts: report.attempts,
    "requests the servers saw": report.requests,
    seconds: Math.round(report.durationMs / 1_000),
    "cancelled by their caller": report.cancelled,
    "had too little time": report.hurried,
    "failed on every link": report.unservable,
    interrupted: report.interrupted,
    lost: report.lost,
    hung: report.hung,
    "joined or truncated answers": report.corrupted,
    "requests in no attempt": report.unaccounted,
    "observed and not ended, permits not settled, leases held": report.open,
    "attempts that were not observed": report.unobserved,
    "requests a call with all down": (report.storm.requests / report.storm.calls).toFixed(2),
    "heap growth, last quarter over second": growth === null ? "not measured" : `${(growth * 100).toFixed(1)} %`,
  });
  const isCalm = report.storm.requests <= 1.2 * report.storm.calls;
  const isWhole =
    report.lost +
      report.interrupted +
      report.hung +
      report.corrupted +
      report.unaccounted +
      report.open +
      report.unobserved ===
    0;
  const clean = isWhole && isCalm && (growth ?? 0) <= 0.05;
  console.log(clean ? "soak: clean" : "soak: FAILED");
  process.exitCode = clean ? 0 : 1;
}
