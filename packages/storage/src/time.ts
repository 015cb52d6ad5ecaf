export { startBackgroundTimer } from "./time/background-timer.ts";
export { type BackoffOptions, backoffMs } from "./time/backoff.ts";
export { type Deadline, pause, withDeadline } from "./time/deadline.ts";
