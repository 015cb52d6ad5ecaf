import type { LogFields, Logger } from "@babylon/llm-core";
import { readOptions } from "./read-options.ts";
import { startDashboard } from "./start-dashboard.ts";

const formatFields = (fields: LogFields | undefined) =>
  Object.entries(fields ?? {})
    .map(([name, value]) => ` ${name}=${value}`)
    .join("");

const logger: Logger = {
  debug() {},
  info: (message, fields) => console.log(message + formatFields(fields)),
  warn: (message, fields) => console.warn(message + formatFields(fields)),
  error: (message, fields) => console.error(message + formatFields(fields)),
};

try {
  const dashboard = await startDashboard({ env: process.env, logger, ...readOptions(process.env) });
  const { url, token, simulated, settings, records, traffic, tuning } = dashboard;
  console.log(
    simulated
      ? "No key is set: the providers are simulated and return generated answers."
      : "Calls go to the providers whose keys are set.",
  );
  console.log(`Settings    ${settings}`);
  console.log(`Records     ${records}${simulated ? " (the past 30 days are invented)" : ""}`);
  console.log(
    `Traffic     ${traffic ? "a few calls in the background" : "none of its own (DASHBOARD_TRAFFIC_MS=1000 for some)"}`,
  );
  console.log(`Tuning      ${tuning}`);
  console.log(`AI models   ${url}/#token=${token}`);
  console.log(`Token       ${token}   (until this process ends)`);

  const stop = () => void dashboard.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
