/**
 * What went wrong. `too_few_examples`: a dataset is smaller than its limit. `refused`: the vendor rejected the request. `unavailable`: it could
 * not be reached, or failed; the same step may be repeated. `protocol`: its reply was not understood. `start_unknown`: a job may or may not have
 * been started. `training_failed`: the job ended without a model. `not_servable`: the model does not answer. `not_better`: no evaluation supports
 * the change. `conflict`: somebody else has changed the settings or the job. `unknown_job`: the journal does not have it. `timeout`.
 */
export type TuningErrorCode =
  | "too_few_examples"
  | "refused"
  | "unavailable"
  | "protocol"
  | "start_unknown"
  | "training_failed"
  | "not_servable"
  | "not_better"
  | "conflict"
  | "unknown_job"
  | "timeout";

/** An error of this package. Its message has no key and no content of an example. Options that are not valid are an `LLMError`. */
export class TuningError extends Error {
  override readonly name = "TuningError";
  readonly code: TuningErrorCode;
  /** The HTTP status of the vendor's reply; `null`: there was none. */
  readonly status: number | null;
  /** Whether the request may have reached the vendor; `false`: surely not. */
  readonly sent: boolean;

  constructor(
    code: TuningErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly status?: number | null; readonly sent?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? null;
    this.sent = options.sent ?? true;
  }
}

/** Whether a thrown value is a {@link TuningError}, with this code if one is given. */
export function isTuningError(thrown: unknown, code?: TuningErrorCode): thrown is TuningError {
  return thrown instanceof TuningError && (code === undefined || thrown.code === code);
}
