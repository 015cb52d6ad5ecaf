import type { Clock, TimerHandle } from "../contract/clock.ts";
import { isRecord } from "../contract/json.ts";
import type { Lease, SharedSlots } from "../contract/shared-slots.ts";
import type { SeamGuard } from "../observe/seam-guard.ts";

/** A lease that is renewed until it is released. */
export interface HeldLease {
  /** Called once. */
  release(): void;
}

/** Acquires leases for one limiter. */
export interface LeaseSource {
  /** Whether the shared slots are unavailable: only the local limit applies then. */
  isUnavailable(): boolean;
  /**
   * A lease, {@link NO_LEASE} if the shared slots are unavailable, or the delay in milliseconds after which to try again. Never rejects;
   * settles within 200 ms.
   */
  next(): Promise<HeldLease | number>;
}

/** Options of {@link createLeaseSource}. */
export interface LeaseSourceOptions {
  readonly slots: SharedSlots;
  readonly key: string;
  readonly limit: number;
  readonly clock: Clock;
  readonly guard: SeamGuard;
}

const TTL_MS = 15_000;
/** Half of the timeout of `acquire`. Two timers: a blocked event loop may spend the first one before it reads the answer. */
const HALF_TIMEOUT_MS = 100;
const RECHECK_MS = 1_000;
const MAX_WAIT_MS = 1_000;
const MIN_WAIT_MS = 1;

/** The lease of a slot that needs none. */
export const NO_LEASE: HeldLease = { release() {} };

const SEAM = "the shared slots";

const isLease = (answer: unknown): answer is Lease =>
  isRecord(answer) && typeof answer.renew === "function" && typeof answer.release === "function";

/** Creates a source of leases, with fallback to the local limit while the shared slots are unavailable. */
export function createLeaseSource({ slots, key, limit, clock, guard }: LeaseSourceOptions): LeaseSource {
  let unavailableUntilMonoMs = Number.NEGATIVE_INFINITY;
  let isProbing = false;

  function release(lease: Lease): void {
    guard.run(SEAM, "release", () => lease.release());
  }

  /** Renews a lease until it is released. */
  function hold(lease: Lease): HeldLease {
    let timer: TimerHandle;
    const renew = async (): Promise<void> => {
      const renewed = guard.run(SEAM, "renew", () => lease.renew());
      if ((await renewed?.catch(() => null)) === false) guard.failed(SEAM, "renew", new Error("expired"));
    };
    const renewLater = (): void => {
      timer = clock.setTimeout(() => {
        renewLater();
        renew();
      }, TTL_MS / 3);
    };
    renewLater();
    return {
      release() {
        clock.clearTimeout(timer);
        release(lease);
      },
    };
  }

  /** The answer of `acquire`; `null`: it failed or timed out. A lease that arrives after the timeout is released. */
  function acquire(): Promise<unknown> {
    const acquiring = guard.run(SEAM, "acquire", () => Promise.resolve(slots.acquire(key, limit, TTL_MS)));
    if (acquiring === undefined) return Promise.resolve(null);
    return new Promise((resolve) => {
      let isTimedOut = false;
      const timeOut = (): void => {
        isTimedOut = true;
        guard.failed(SEAM, "acquire", new Error("no answer in time"));
        resolve(null);
      };
      let timer = clock.setTimeout(() => {
        timer = clock.setTimeout(timeOut, HALF_TIMEOUT_MS);
      }, HALF_TIMEOUT_MS);
      acquiring.then(
        (answer: unknown) => {
          if (isTimedOut && isLease(answer)) release(answer);
          clock.clearTimeout(timer);
          resolve(answer);
        },
        () => {
          clock.clearTimeout(timer);
          resolve(null);
        },
      );
    });
  }

  /** The lease or the delay of an answer; `null`: the answer is invalid. */
  function parse(answer: unknown): Lease | number | null {
    if (isLease(answer)) return answer;
    const waitMs = isRecord(answer) ? answer.waitMs : null;
    if (typeof waitMs !== "number" || Number.isNaN(waitMs)) return null;
    return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, waitMs));
  }

  /** Checks in the background whether the shared slots are available again. */
  async function probe(): Promise<void> {
    isProbing = true;
    const answer = parse(await acquire());
    isProbing = false;
    if (answer === null) unavailableUntilMonoMs = clock.monotonic() + RECHECK_MS;
    else {
      unavailableUntilMonoMs = Number.NEGATIVE_INFINITY;
      if (typeof answer === "object") release(answer);
    }
  }

  return {
    isUnavailable() {
      if (unavailableUntilMonoMs === Number.NEGATIVE_INFINITY) return false;
      if (!isProbing && clock.monotonic() >= unavailableUntilMonoMs) probe();
      return true;
    },
    async next() {
      const answer = parse(await acquire());
      if (answer === null) {
        unavailableUntilMonoMs = clock.monotonic() + RECHECK_MS;
        return NO_LEASE;
      }
      return typeof answer === "number" ? answer : hold(answer);
    },
  };
}
