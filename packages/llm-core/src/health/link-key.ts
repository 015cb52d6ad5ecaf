import type { LinkRef } from "../contract/link.ts";

const keys = new WeakMap<LinkRef, string>();

/** The key of a link in maps. Cached per ref, because each call needs it many times. */
export function linkKey(link: LinkRef): string {
  let key = keys.get(link);
  if (key === undefined) {
    key = `${link.provider}\n${link.credential}\n${link.model}`;
    keys.set(link, key);
  }
  return key;
}
