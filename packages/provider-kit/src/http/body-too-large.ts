import type { ByteLimit } from "./byte-limit.ts";

const CODE = "BODY_TOO_LARGE";

const UNITS: readonly [number, string][] = [
  [1024 * 1024, "MB"],
  [1024, "KB"],
];

/** `64 MB`, or the number of bytes where it is not a whole number of anything larger. */
function sizeOf(bytes: number): string {
  const [size, unit] = UNITS.find(([each]) => bytes % each === 0) ?? [1, "bytes"];
  return `${bytes / size} ${unit}`;
}

/** What reading a body fails with that has more bytes than its limit. The message goes on after the name of who sent it. */
export class BodyTooLargeError extends Error {
  override readonly name: string = "BodyTooLargeError";
  readonly code: string = CODE;

  constructor({ bytes, name }: ByteLimit) {
    super(`sent more than ${sizeOf(bytes)} (${name})`);
  }
}

/** Whether an error is a {@link BodyTooLargeError}; an SDK may have copied it. */
export function isBodyTooLarge(error: unknown): error is { readonly message: string } {
  return typeof error === "object" && error !== null && "code" in error && error.code === CODE && "message" in error;
}
