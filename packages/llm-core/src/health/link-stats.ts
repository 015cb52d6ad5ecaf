import type { Clock } from "../contract/clock.ts";
import type { LinkRef } from "../contract/link.ts";
import type { LinkFigures } from "../contract/link-figures.ts";
import { createRecentCalls, mapWindows, type RecentCalls } from "../figures/recent-calls.ts";
import { quantileOf } from "../figures/sketch.ts";
import { type EndedCall, toFigures } from "../figures/tally.ts";
import { linkKey } from "./link-key.ts";

const MAX_LINKS = 1_000;

/** Counts the recent attempts on each link, in bounded memory. */
export interface LinkStats {
  /** Adds the link to {@link links}, without an attempt. */
  track(link: LinkRef): void;
  add(link: LinkRef, attempt: EndedCall): void;
  figures(link: LinkRef): LinkFigures;
  /** A quantile of the first-token times of the last five minutes; `null` with fewer than `minimum` samples. */
  firstTokenQuantile(link: LinkRef, share: number, minimum: number): number | null;
  /** Number of links dropped to make room for others. */
  dropped(): number;
  /** All tracked links, without the dropped ones. */
  links(): readonly LinkRef[];
}

interface TrackedLink {
  readonly link: LinkRef;
  /** `null`: no attempt yet. */
  recent: RecentCalls | null;
}

/** Creates empty statistics. */
export function createLinkStats(clock: Clock): LinkStats {
  const links = new Map<string, TrackedLink>();
  const none = createRecentCalls();
  let dropped = 0;

  function tracked(link: LinkRef): TrackedLink {
    const key = linkKey(link);
    let found = links.get(key);
    if (found === undefined) {
      const [oldest] = links.keys();
      if (links.size >= MAX_LINKS && oldest !== undefined) {
        links.delete(oldest);
        dropped += 1;
      }
      found = { link, recent: null };
      links.set(key, found);
    }
    return found;
  }

  const recentOf = (link: LinkRef): RecentCalls => links.get(linkKey(link))?.recent ?? none;

  return {
    track: (link) => void tracked(link),
    add(link, attempt) {
      const found = tracked(link);
      found.recent ??= createRecentCalls();
      found.recent.add(attempt, clock.monotonic());
    },
    figures(link) {
      const recent = recentOf(link);
      const now = clock.monotonic();
      const windows = mapWindows((window) => toFigures(recent.tally(window, now)));
      return { ...windows.last5Minutes, windows };
    },
    firstTokenQuantile(link, share, minimum) {
      const { firstTokens } = recentOf(link).tally("last5Minutes", clock.monotonic());
      return firstTokens.count < minimum ? null : quantileOf(firstTokens, share);
    },
    dropped: () => dropped,
    links: () => [...links.values()].map(({ link }) => link),
  };
}
