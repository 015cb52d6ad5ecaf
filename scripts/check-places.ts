/**
 * Tests the packages in applications: installs the packed tarballs into the applications of `places/`, outside the workspace, builds
 * and starts each, and sends requests. Requires a build, npm with its registry, and Chromium, and nothing else from the internet. See `--help`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packPackages } from "./pack-packages.ts";
import { checkPlace } from "./places/check-place.ts";
import { DRIVERS_PLACE } from "./places/drivers-place.ts";
import { installApp } from "./places/install-app.ts";
import { NEXT_PLACES } from "./places/next-places.ts";
import type { Place } from "./places/place.ts";
import { SERVICE_PLACES } from "./places/service-places.ts";
import { TYPED_PLACES } from "./places/typed-places.ts";
import { VITE_PLACE } from "./places/vite-place.ts";
import { WORKERD_PLACE } from "./places/workerd-place.ts";

/** The time limit of all checks, in milliseconds. */
const LIMIT_MS = 20 * 60_000;

// Those of Next.js take the longest, so they run first.
const PLACES: readonly Place[] = [
  ...NEXT_PLACES,
  VITE_PLACE,
  WORKERD_PLACE,
  ...SERVICE_PLACES,
  ...TYPED_PLACES,
  DRIVERS_PLACE,
];

const HELP = `npx -y pnpm@10 check:places [--only WORDS]

Packs the packages, installs them into applications outside the workspace, builds, starts and asks each. Needs
\`npx -y pnpm@10 run build\` first. Ends by itself after ${LIMIT_MS / 60_000} minutes at the latest.

  --only WORDS   only the places whose name has one of the words, separated by blanks or commas
  --help         this text

Places:
${PLACES.map(({ name }) => `  ${name}`).join("\n")}`;

const { values } = parseArgs({ options: { only: { type: "string" }, help: { type: "boolean" } } });

function chosenPlaces(only: string | undefined): readonly Place[] {
  if (only === undefined) return PLACES;
  const words = only.toLowerCase().split(/[\s,]+/);
  return PLACES.filter(({ name }) => words.some((word) => name.toLowerCase().includes(word)));
}

/** Runs a step and prints how long it took. */
async function timed<T>(label: string, step: () => Promise<T>): Promise<{ value: T } | null> {
  const startedAt = performance.now();
  const took = () => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
  try {
    const value = await step();
    console.log(`ok   ${label} (${took()})`);
    return { value };
  } catch (thrown) {
    console.log(`FAIL ${label} (${took()})`);
    console.log(thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown);
    return null;
  }
}

/** Checks the places, two applications at a time. Returns the number of successful ones. */
async function checkPlaces(places: readonly Place[], target: string, signal: AbortSignal): Promise<number> {
  const packing = await timed("pack", async () => packPackages(target));
  if (packing === null) return 0;
  const packed = packing.value;
  const waiting = [...Map.groupBy(places, ({ app }) => app)];
  let held = 0;
  async function worker(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [app, inApp] = next;
      const installed = await timed(`install ${app}`, () => installApp(app, packed, target, signal));
      if (installed === null) continue;
      for (const place of inApp) {
        const checked = await timed(place.name, () => checkPlace(place, installed.value, signal));
        if (checked !== null) held += 1;
      }
    }
  }
  await Promise.all([worker(), worker()]);
  return held;
}

async function main(): Promise<boolean> {
  const places = chosenPlaces(values.only);
  if (places.length === 0) throw new Error(`no place is called ${values.only}: see --help`);
  const startedAt = performance.now();
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(LIMIT_MS)]);
  const target = mkdtempSync(join(tmpdir(), "places-"));
  try {
    const held = await checkPlaces(places, target, signal);
    console.log(`${held} passed, ${places.length - held} failed`);
    console.log(`in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
    return held === places.length;
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

if (values.help === true) console.log(HELP);
else process.exitCode = (await main()) ? 0 : 1;
