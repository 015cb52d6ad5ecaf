/** What a worker process does. It prints one line of JSON for each step. */
export type WorkerJob =
  | {
      /** Reserves and settles until the limit is reached, and prints what it spent; or reserves 16 and waits to be killed. */
      readonly kind: "spend";
      readonly url: string;
      readonly key: string;
      readonly limit: number;
      readonly amount: number;
      /** How many reservations it settles before it holds 16; `null`: it never does. */
      readonly settlesBeforeHolding: number | null;
    }
  | {
      /** Makes as many calls as there are slots, and announces each call to a counter. */
      readonly kind: "call";
      readonly url: string;
      readonly key: string;
      readonly limit: number;
      readonly ttlMs: number;
      readonly counterPort: number;
    }
  | {
      /**
       * Asks for so many reservations at once, with the default limits of time, again where the engine was away, and prints how many were
       * granted.
       */
      readonly kind: "reserve";
      readonly url: string;
      readonly key: string;
      readonly limit: number;
      readonly amount: number;
      readonly asks: number;
    }
  | {
      /** Keeps an SQLite file locked until it is killed. */
      readonly kind: "lock";
      readonly url: string;
    }
  | {
      /** Uses everything, and has nothing more to do: it has to exit by itself. */
      readonly kind: "idle";
      readonly url: string;
      readonly close: boolean;
    };
