/**
 * Why an operation of the simulator failed: `not_loopback` (it only listens on loopback addresses), `invalid_option`, `listen_failed`,
 * `timeout` (an awaited event did not occur), `closed`.
 */
export type SimulatorErrorCode = "not_loopback" | "invalid_option" | "listen_failed" | "timeout" | "closed";

/** An error in the use of the simulator; never the reply of a simulated vendor. */
export class SimulatorError extends Error {
  override readonly name = "SimulatorError";
  readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
