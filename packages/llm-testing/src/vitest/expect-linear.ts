import { expect } from "vitest";
import { cpuMs } from "./cpu-ms.ts";
import { slowness } from "./slowness.ts";

/** What a parser is held to. */
export interface LinearLimits {
  /** Lengths of the inputs, each twice the one before. Default: 100,000 to 1,600,000. */
  readonly sizes?: readonly number[] | undefined;
  /** The most time that twice the input may take, as a factor. Default 2.6. */
  readonly factor?: number | undefined;
  /** The most time for a million characters of the longest input, milliseconds of CPU on a machine that is not busy. Default 100. */
  readonly msPerMillion?: number | undefined;
}

const SIZES = [100_000, 200_000, 400_000, 800_000, 1_600_000];
/** Less than this is noise, of the collector and of clocks that tick every 4 ms: it counts as this much. */
const NOISE_MS = 8;
/** What took too long is measured again, with the size before it: the machine may have been busy, the code not yet compiled. */
const MOST_RUNS = 5;

/**
 * Expects that the time of a parser grows with its input and not faster, and that it is short. Time is that of the CPU, the best of
 * up to five runs; only what seems too slow is run more than once, and only then the machine's own speed is asked for: what is
 * allowed grows with its slowness.
 *
 * @param prepare - makes the input of a length, and gives what is measured
 */
export async function expectLinear(
  prepare: (size: number) => () => unknown,
  { sizes = SIZES, factor = 2.6, msPerMillion = 100 }: LinearLimits = {},
): Promise<void> {
  let before: { readonly run: () => unknown; ms: number } | null = null;
  const seen: string[] = [];
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
      // Of the speed that the machine had at that moment.
      if (best > mostMs) best = Math.min(best, ms, ms / slowness());
    }
    seen.push(`${size}: ${best.toFixed(1)} ms`);
    const all = seen.join(", ");
    expect(grows, `twice the input takes ${grows.toFixed(1)} times as long (${all})`).toBeLessThanOrEqual(factor);
    expect(best, `more than ${msPerMillion} ms for a million characters (${all})`).toBeLessThanOrEqual(mostMs);
    before = { run, ms };
  }
}

/** How many times as long it took; what is within the noise has not grown. */
function growthOf(beforeMs: number | undefined, ms: number): number {
  return beforeMs === undefined ? 1 : Math.max(NOISE_MS, ms) / Math.max(NOISE_MS, beforeMs);
}

async function timeOf(run: () => unknown): Promise<number> {
  const start = cpuMs();
  await run();
  return cpuMs() - start;
}
