import { readFileSync } from "node:fs";

/** A recorded vendor reply by its path below `fixtures`. */
export function readFixture(path: string): string {
  return readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), "utf8");
}
