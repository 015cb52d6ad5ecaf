import type { CommandSpec } from "../arguments/command-spec.ts";
import { COMMON_OPTIONS } from "../arguments/shared-options.ts";
import { doctorCommand } from "./doctor-command.ts";

/** The command that checks the installation. */
export const doctorSpec: CommandSpec = {
  name: "doctor",
  summary: "checks keys, clock, proxy and settings, and prints fixes",
  operands: "",
  count: [0, 0],
  options: [{ name: "timeout", value: "<seconds>", help: "limit for each check; default 20" }, ...COMMON_OPTIONS],
  notes: ["Makes one call of a few tokens to each provider with a key. Exit code 1 if a check fails."],
  run: doctorCommand,
};
