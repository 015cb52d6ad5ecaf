import type { Clock } from "../contract/clock.ts";
import type { LinkRef } from "../contract/link.ts";
import type { LinkFigures } from "../contract/link-figures.ts";
import { linkKey } from "./link-key.ts";

const KEPT = 64;
const RECENT_MS = 300_000;
const MAX_LINKS = 1_000;

interface Sample {
  readonly at: number;
  readonly good: boolean;
  readonly durationMs: number;
  readonly firstTokenMs: number | null;
}

interface Ring {
  readonly samples: Sample[];
  next: number;
}

/** The value below which the given share of the numbers lies; `null` of none. */
export function quantile(numbers: readonly number[], share: number): number | null {
  if (numbers.length === 0) return null;
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? null;
}

function spread(numbers: readonly number[]): { p50: number; p95: number } | null {
  const p50 = quantile(numbers, 0.5);
  const p95 = quantile(numbers, 0.95);
  return p50 === null || p95 === null ? null : { p50, p95 };
}

/** Remembers the recent attempts of each link. */
export interface LinkStats {
  /** Remembers that the link exists. */
  see(link: LinkRef): void;
  add(link: LinkRef, sample: { good: boolean; durationMs: number; firstTokenMs: number | null }): void;
  figures(link: LinkRef): LinkFigures;
  /** Of the link's recent first-token times; `null` with fewer than `minimum` of them. */
  firstTokenQuantile(link: LinkRef, share: number, minimum: number): number | null;
  /** How many links have been dropped to make room for others. */
  dropped(): number;
  /** Links seen so far, without those. */
  links(): readonly LinkRef[];
}

/** Stats of this process. */
export function createLinkStats(clock: Clock): LinkStats {
  const rings = new Map<string, Ring & { readonly link: LinkRef }>();
  let dropped = 0;

  function recent(link: LinkRef): Sample[] {
    const from = clock.monotonic() - RECENT_MS;
    return rings.get(linkKey(link))?.samples.filter((sample) => sample.at >= from) ?? [];
  }
  const firstTokens = (samples: readonly Sample[]) =>
    samples.flatMap((sample) => (sample.firstTokenMs === null ? [] : [sample.firstTokenMs]));

  function ringOf(link: LinkRef): Ring {
    const key = linkKey(link);
    let ring = rings.get(key);
    if (ring === undefined) {
      const [oldest] = rings.keys();
      if (rings.size >= MAX_LINKS && oldest !== undefined) {
        rings.delete(oldest);
        dropped += 1;
      }
      ring = { link, samples: [], next: 0 };
      rings.set(key, ring);
    }
    return ring;
  }

  return {
    see: (link) => void ringOf(link),
    add(link, { good, durationMs, firstTokenMs }) {
      const ring = ringOf(link);
      ring.samples[ring.next] = { at: clock.monotonic(), good, durationMs, firstTokenMs };
      ring.next = (ring.next + 1) % KEPT;
    },
    figures(link) {
      const samples = recent(link);
      const good = samples.filter((sample) => sample.good);
      return {
        calls: samples.length,
        successRate: samples.length === 0 ? null : good.length / samples.length,
        firstTokenMs: spread(firstTokens(good)),
        durationMs: spread(good.map((sample) => sample.durationMs)),
      };
    },
    firstTokenQuantile(link, share, minimum) {
      const times = firstTokens(recent(link));
      return times.length < minimum ? null : quantile(times, share);
    },
    dropped: () => dropped,
    links: () => [...rings.values()].map((ring) => ring.link),
  };
}
