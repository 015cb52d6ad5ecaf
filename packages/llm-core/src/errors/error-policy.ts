import type { LLMErrorCode } from "./error-code.ts";

/**
 * Effect of an error on its link: on the breaker, and on the calls that wait for the link.
 *
 * - `counts`: counts as a failure; too many failures open the link.
 * - `opens-link`: opens the link (this model) at once, for `credentialCoolDownMs`.
 * - `opens-credential`: opens every model of the provider with this key at once, for `credentialCoolDownMs`.
 * - `rests`: no requests to the link for the time that its reply names.
 * - `alive`: counts as a success: the link answered, but cannot serve this request.
 * - `none`: no effect: no request was made, or the request was wrong.
 * - `released`: no effect, and the attempt is not in the link's figures: the call ended it. Only core sets this.
 */
export type BreakerEffect = "counts" | "opens-link" | "opens-credential" | "rests" | "alive" | "none" | "released";

/** Retry, fallback and breaker effect of an error code. An adapter overrides them for a single error (`retryable`, `fallback`). */
export interface ErrorPolicy {
  /**
   * Whether the same link is retried, and the delay where the reply names none. `quick`: the first retry within 100 ms, since such
   * errors are often transient. `backoff`: within 100 ms while another link is ready, else with exponential backoff.
   */
  readonly retry: false | "quick" | "backoff";
  /** Whether the next link is tried. `opt-in`: only with the call's `fallbackOnContentFilter`. */
  readonly fallback: boolean | "opt-in";
  readonly breaker: BreakerEffect;
  /**
   * Whether the link may recover without a change of key, quota or model. Calls that have no link left wait only for such links, and an
   * open link is tried as a last resort only when such an error opened it.
   */
  readonly healsWithTime: boolean;
}

const outage = { fallback: true, breaker: "counts", healsWithTime: true } as const;
const transient: ErrorPolicy = { retry: "quick", ...outage };
const refusal: ErrorPolicy = { retry: false, fallback: true, breaker: "alive", healsWithTime: false };
const keyFault: ErrorPolicy = { retry: false, fallback: true, breaker: "opens-credential", healsWithTime: false };
const interruption: ErrorPolicy = { retry: false, fallback: false, breaker: "released", healsWithTime: false };
const noAttempt: ErrorPolicy = { retry: false, fallback: false, breaker: "none", healsWithTime: false };

/** The only definition of what follows an error code. `nextStep`, the breaker, the planner, the call loop and the guide use it. */
export const ERROR_POLICY: Readonly<Record<LLMErrorCode, ErrorPolicy>> = {
  invalid_input: noAttempt,
  closed: interruption,
  aborted: interruption,
  deadline: interruption,
  timeout: { retry: false, ...outage },
  network: transient,
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
  invalid_response: transient,
  truncated: transient,
  interrupted: { retry: false, ...outage, fallback: false },
  schema_mismatch: refusal,
  no_provider: noAttempt,
  all_failed: noAttempt,
};

/**
 * The policy of an error's code. A code that this version of the package does not know, from an adapter or a breaker built with a newer
 * version, has the policy of `invalid_response`.
 */
export function policyOf({ code }: { readonly code: LLMErrorCode }): ErrorPolicy {
  return Object.hasOwn(ERROR_POLICY, code) ? ERROR_POLICY[code] : ERROR_POLICY.invalid_response;
}
