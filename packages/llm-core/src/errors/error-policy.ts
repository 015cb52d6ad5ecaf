import type { LLMErrorCode } from "./error-code.ts";

/**
 * What an error says about its link, to the breaker and to the calls that wait for the link.
 *
 * - `counts`: the link may be down; too many failures open it.
 * - `opens-link`: the model is opened at once, for `credentialCoolDownMs`.
 * - `opens-credential`: every model of the provider with this key is, for as long.
 * - `rests`: the link is not asked for as long as its reply says.
 * - `alive`: the link answered and did not serve this request. Counts as a success.
 * - `none`: nothing. The link was not asked, or the fault is the caller's.
 * - `released`: nothing, and the attempt is not in the link's figures: the call ended it. Only core can know that of a call.
 */
export type BreakerEffect = "counts" | "opens-link" | "opens-credential" | "rests" | "alive" | "none" | "released";

/** What follows an error of a code, where the adapter that saw the reply does not know better. */
export interface ErrorPolicy {
  /**
   * Whether the same link is asked again, and how soon where the reply names no wait. `quick`: the first retry within 100 ms, since
   * a second attempt shows whether it was chance. `backoff`: within 100 ms while another link is ready, else with backoff.
   */
  readonly retry: false | "quick" | "backoff";
  /** Whether the next link is tried. `opt-in`: with the call's `fallbackOnContentFilter`. */
  readonly fallback: boolean | "opt-in";
  readonly breaker: BreakerEffect;
  /**
   * Whether the link may serve soon without anybody's doing. Calls that have no link left wait only for such links, and an open link
   * is tried as a last resort only when it was opened by such an error.
   */
  readonly healsWithTime: boolean;
}

const outage = { fallback: true, breaker: "counts", healsWithTime: true } as const;
const chance: ErrorPolicy = { retry: "quick", ...outage };
const refusal: ErrorPolicy = { retry: false, fallback: true, breaker: "alive", healsWithTime: false };
const keyFault: ErrorPolicy = { retry: false, fallback: true, breaker: "opens-credential", healsWithTime: false };
const interruption: ErrorPolicy = { retry: false, fallback: false, breaker: "released", healsWithTime: false };
const noAttempt: ErrorPolicy = { retry: false, fallback: false, breaker: "none", healsWithTime: false };

/** The one place that says what follows each code: `nextStep`, the breaker, the planner, the loop and the guide go by it. */
export const ERROR_POLICY: Readonly<Record<LLMErrorCode, ErrorPolicy>> = {
  invalid_input: noAttempt,
  closed: interruption,
  aborted: interruption,
  deadline: interruption,
  timeout: { retry: false, ...outage },
  network: chance,
  rate_limit: { retry: "backoff", fallback: true, breaker: "rests", healsWithTime: true },
  overloaded: { retry: "backoff", ...outage },
  server: { retry: "backoff", ...outage },
  quota: keyFault,
  budget: { ...noAttempt, fallback: true },
  auth: keyFault,
  permission: keyFault,
  model_not_found: { ...keyFault, breaker: "opens-link" },
  context_length: refusal,
  content_filter: { ...refusal, fallback: "opt-in" },
  unsupported: refusal,
  invalid_request: refusal,
  invalid_response: chance,
  truncated: chance,
  interrupted: { retry: false, ...outage, fallback: false },
  schema_mismatch: refusal,
  no_provider: noAttempt,
  all_failed: noAttempt,
};

/**
 * The policy of an error's code. A code that this copy of the package does not know, of an adapter or a breaker with a newer one, has
 * that of `invalid_response`.
 */
export function policyOf({ code }: { readonly code: LLMErrorCode }): ErrorPolicy {
  return Object.hasOwn(ERROR_POLICY, code) ? ERROR_POLICY[code] : ERROR_POLICY.invalid_response;
}
