import { corruptRecord } from "../record/corrupt-record.ts";
import { fromKeyvEnvelope, toKeyvEnvelope } from "../record/keyv-envelope.ts";
import { adapterError, callAdapter, type StorageAdapter, type TextAccess } from "./adapter-text.ts";
import { listenForErrors } from "./error-events.ts";

/** The part of a Keyv of version 5 or 6 that is used here. */
export interface KeyvInstance {
  readonly store: StorageAdapter & object;
  readonly namespace?: unknown;
  get(key: string): Promise<unknown>;
  has(key: string): Promise<boolean>;
  set(key: string, value: unknown, ttlMs: number): Promise<unknown>;
}

/** An entry with this TTL does not expire, whatever the default of the Keyv. */
const NO_TTL = 0;

/** Reads and writes a record through a Keyv, in the same text form that adapters store. */
export function keyvText(keyv: KeyvInstance, key: string): TextAccess {
  const errors = listenForErrors(keyv);

  /** A Keyv with `error` listeners reports a failed read only by an event. */
  async function call<T>(work: () => Promise<T>, applied: "no" | "unknown" = "no"): Promise<T> {
    const before = errors.count();
    const result = await callAdapter(work, applied).catch(rethrowUndecodable);
    if (errors.count() !== before) rethrowUndecodable(adapterError(applied, errors.last()));
    return result;
  }

  /** Keyv 5 returns `undefined` after a failed read, so its adapter is read too; both major versions do for an entry that Keyv did not write. */
  async function assertAbsent(): Promise<void> {
    await call(async () => keyv.store.get(key));
    if (!(await call(() => keyv.has(key)))) return;
    if ((await call(() => keyv.get(key))) === undefined) throw corruptRecord("it is not an entry of Keyv");
  }

  return {
    async read() {
      const value = await call(() => keyv.get(key));
      if (value !== undefined) return toKeyvEnvelope(value);
      await assertAbsent();
      return undefined;
    },
    async write(text) {
      const accepted = await call(() => keyv.set(key, fromKeyvEnvelope(text), NO_TTL), "unknown");
      if (accepted === false) throw adapterError("unknown", errors.last());
    },
  };
}

/** A text that cannot be decoded is `corrupt`, so that it is not overwritten. */
function rethrowUndecodable(thrown: unknown): never {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  throw cause instanceof SyntaxError ? corruptRecord(cause.message) : thrown;
}
