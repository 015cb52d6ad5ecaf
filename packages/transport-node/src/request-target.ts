/** Where a request goes. */
export interface RequestTarget {
  readonly origin: string;
  /** With the query. */
  readonly path: string;
}

/** How many URLs are remembered: far more than a chain has, unless each tenant has one of its own. */
const REMEMBERED = 100;

/** Creates a function that takes URLs apart and remembers the last ones. It throws a `TypeError` for what is no absolute URL. */
export function createTargetParser(): (url: string) => RequestTarget {
  const targets = new Map<string, RequestTarget>();
  return (url) => {
    const known = targets.get(url);
    if (known !== undefined) return known;
    const { origin, pathname, search } = new URL(url);
    const target = { origin, path: pathname + search };
    if (targets.size >= REMEMBERED) targets.clear();
    targets.set(url, target);
    return target;
  };
}
