import { expect } from "vitest";
import { cpuMs } from "./cpu-ms.ts";
import { slowness } from "./slowness.ts";

/** The limits for a parser. */
export interface LinearLimits {
  /** Lengths of the inputs, each twice the previous one. Default: 100,000 to 1,600,000. */
  readonly sizes?: readonly number[] | undefined;
  /** Maximum growth of the time for twice the input, as a factor. Default 2.6. */
  readonly factor?: number | undefined;
  /** Maximum CPU time per million characters of the longest input, milliseconds on an idle machine. Default 100. */
  readonly msPerMillion?: number | undefined;
}

const SIZES = [100_000, 200_000, 400_000, 800_000, 1_600_000];
/** Shorter times are noise of the garbage collector and of clocks with a resolution of 4 ms: they count as this much. */
const NOISE_MS = 16;
/** A size that took too long is measured again, with the previous size: the machine may have been busy, or the code not yet compiled. */
const MOST_RUNS = 5;

/**
 * Expects that a parser takes linear time, and little of it. Measures CPU time, the best of up to five runs. Only sizes that seem too slow are
 * measured again; the limit is then scaled by the slowness of the machine.
 *
 * @param prepare - creates the input of a length, and returns the function to measure
 */
export async function expectLinear(
  prepare: (size: number) => () => unknown,
  { sizes = SIZES, factor = 2.6, msPerMillion = 100 }: LinearLimits = {},
): Promise<void> {
  let before: { readonly run: () => unknown; ms: number } | null = null;
  const measurements: string[] = [];
  for (const size of sizes) {
    const run = prepare(size);
    const mostMs = size === sizes.at(-1) ? NOISE_MS + (size / 1e6) * msPerMillion : Number.POSITIVE_INFINITY;
    let ms = await timeOf(run);
    let grows = growthOf(before?.ms, ms);
    let best = ms;
    for (let runs = 1; runs < MOST_RUNS && (grows > factor || best > mostMs); runs += 1) {
      if (grows > factor && before !== null) before.ms = await timeOf(before.run);
      ms = await timeOf(run);
      grows = Math.min(grows, growthOf(before?.ms, ms));
      // The machine's current speed.
      if (best > mostMs) best = Math.min(best, ms, ms / slowness());
    }
    measurements.push(`${size}: ${best.toFixed(1)} ms`);
    const all = measurements.join(", ");
    expect(grows, `twice the input takes ${grows.toFixed(1)} times as long (${all})`).toBeLessThanOrEqual(factor);
    expect(best, `more than ${msPerMillion} ms for a million characters (${all})`).toBeLessThanOrEqual(mostMs);
    before = { run, ms };
  }
}

/** The growth factor; times within the noise count as equal. */
function growthOf(beforeMs: number | undefined, ms: number): number {
  return beforeMs === undefined ? 1 : Math.max(NOISE_MS, ms) / Math.max(NOISE_MS, beforeMs);
}

async function timeOf(run: () => unknown): Promise<number> {
  const start = cpuMs();
  await run();
  return cpuMs() - start;
}
