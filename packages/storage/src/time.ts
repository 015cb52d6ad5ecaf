export { startBackgroundTimer } from "./time/background-timer.ts";
export { type Deadline, pause, withDeadline } from "./time/deadline.ts";
export { type BackoffOptions, reconnectDelayMs } from "./time/reconnect-delay.ts";
