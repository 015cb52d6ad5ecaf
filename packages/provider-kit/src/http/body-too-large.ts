import type { ByteLimit } from "./byte-limit.ts";

const CODE = "BODY_TOO_LARGE";

const UNITS: readonly [number, string][] = [
  [1024 * 1024, "MB"],
  [1024, "KB"],
];

/** Formats a size: `64 MB`; in bytes if it is not a multiple of a larger unit. */
function sizeOf(bytes: number): string {
  const [size, unit] = UNITS.find(([unitBytes]) => bytes % unitBytes === 0) ?? [1, "bytes"];
  return `${bytes / size} ${unit}`;
}

/** Reading a body failed because it exceeds its limit. The message continues after the sender's name. */
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
