import { measureCounting } from "./measure-counting.ts";
import { measureFrozen } from "./measure-frozen.ts";
import { measureOutage } from "./measure-outage.ts";
import { measurePropagation } from "./measure-propagation.ts";
import { measureReads } from "./measure-reads.ts";
import { type BenchmarkPlace, openPlaces } from "./place.ts";
import { bestRound } from "./rounds.ts";
import { type MeasuredRow, printRows } from "./row.ts";

/** Measures the store with real backends, and fails if a limit is exceeded. Takes two minutes. */
async function main(): Promise<void> {
  const places = await openPlaces();
  const rows: MeasuredRow[] = [];
  const note = (row: MeasuredRow): void => {
    rows.push(row);
    console.error(`${row.passes === false ? "FAIL" : "ok"}  ${row.what}: ${row.measured}`);
  };
  try {
    for (const row of await measureReads(places)) note(row);
    for (const place of places) note(await measureCounting(place));
    for (const place of places) for (const row of await bestRound(() => measurePropagation(place))) note(row);
    for (const place of places) for (const row of await bestRound(() => measureFrozen(place))) note(row);
    for (const row of await Promise.all(places.map(measureOutage))) if (row !== null) note(row);
  } finally {
    await Promise.all(places.map((place: BenchmarkPlace) => place.close()));
  }
  console.log();
  if (printRows(rows) > 0) process.exitCode = 1;
}

await main();
