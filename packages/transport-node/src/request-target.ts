/** The address of a request, parsed. */
export interface RequestTarget {
  readonly url: string;
  readonly origin: string;
  /** Includes the query. */
  readonly path: string;
}

/** Size of the cache of URLs: more than a chain uses, unless each tenant has its own. */
const MAX_CACHED = 100;

/** Creates a function that parses URLs and caches the results. It throws a `TypeError` for a text that is not an absolute URL. */
export function createTargetParser(): (url: string) => RequestTarget {
  const targets = new Map<string, RequestTarget>();
  return (url) => {
    const known = targets.get(url);
    if (known !== undefined) return known;
    const { origin, pathname, search } = new URL(url);
    const target = { url, origin, path: pathname + search };
    if (targets.size >= MAX_CACHED) targets.clear();
    targets.set(url, target);
    return target;
  };
}
