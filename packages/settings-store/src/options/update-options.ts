import { invalidOption } from "../errors/settings-error.ts";
import { PRINTABLE } from "../schema/printable.ts";

/** Options of `update` and `rollback`. */
export interface UpdateOptions {
  /** Who makes the change, for the history: a name or an id, up to 200 printable characters. */
  readonly actor?: string | undefined;
  /** The reason, for the history, up to 1000 printable characters. */
  readonly reason?: string | undefined;
  /** Fails with `conflict` unless this version is stored. 0: nothing is stored yet. Default: any version. */
  readonly expectedVersion?: number | undefined;
  /** Retries after another writer committed first. Default 100; ignored with `expectedVersion`. */
  readonly retries?: number | undefined;
}

/** Throws `invalid`, naming the option. */
export function checkUpdateOptions({ actor, reason, expectedVersion, retries }: UpdateOptions): void {
  checkText("actor", actor, 200);
  checkText("reason", reason, 1000);
  if (expectedVersion !== undefined && (!Number.isSafeInteger(expectedVersion) || expectedVersion < 0)) {
    throw invalidOption("expectedVersion", "expected a whole number, 0 or more");
  }
  if (retries !== undefined && (!Number.isSafeInteger(retries) || retries < 0)) {
    throw invalidOption("retries", "expected a whole number, 0 or more");
  }
}

function checkText(path: string, text: unknown, maxLength: number): void {
  if (text === undefined) return;
  if (typeof text !== "string" || text === "") throw invalidOption(path, "expected a text");
  if (text.length > maxLength) throw invalidOption(path, `must have at most ${maxLength} characters`);
  if (!PRINTABLE.test(text)) throw invalidOption(path, "must not contain control or invisible characters");
}
