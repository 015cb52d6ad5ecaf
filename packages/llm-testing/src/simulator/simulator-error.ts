/**
 * Why the simulator refused to do what a test asked: `not_loopback` (it listens on loopback alone), `invalid_option`,
 * `listen_failed`, `timeout` (an awaited event did not come), `closed`.
 */
export type SimulatorErrorCode = "not_loopback" | "invalid_option" | "listen_failed" | "timeout" | "closed";

/** A mistake in the use of the simulator; never an answer of a simulated vendor. */
export class SimulatorError extends Error {
  override readonly name = "SimulatorError";
  readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
