import { formatDuration } from "@babylon/llm-core/status";
import type { TuningEvent } from "@babylon/tuning";
import type { CommandContext } from "../command-context.ts";

/** Prints events while they happen: a line each, as text or as JSON. */
export async function printTuningEvents(
  events: AsyncIterable<TuningEvent>,
  { json, print }: Pick<CommandContext, "json" | "print">,
): Promise<void> {
  for await (const event of events) {
    if (json) print.json(event, "line");
    else print.lines(toLine(event));
  }
}

function toLine(event: TuningEvent): string {
  switch (event.type) {
    case "started":
      return `started${event.steps === null ? "" : `, ${event.steps} steps`}`;
    case "step": {
      const { step, of, loss, timeLeftMs } = event;
      const parts = [
        `step ${step}${of === null ? "" : ` of ${of}`}`,
        ...(loss === null ? [] : [`loss ${loss.toFixed(4)}`]),
        ...(timeLeftMs === null ? [] : [`${formatDuration(timeLeftMs)} left`]),
      ];
      return parts.join(", ");
    }
    case "ended":
      return "ended";
    case "failed":
      return `failed: ${event.reason ?? "no reason given"}`;
  }
}
