import type { LinkRef } from "../contract/link.ts";

const keys = new WeakMap<LinkRef, string>();

/** The name of a link in maps. Remembered for each ref, because every call asks for it many times. */
export function linkKey(link: LinkRef): string {
  let key = keys.get(link);
  if (key === undefined) {
    key = `${link.provider}\n${link.credential}\n${link.model}`;
    keys.set(link, key);
  }
  return key;
}
