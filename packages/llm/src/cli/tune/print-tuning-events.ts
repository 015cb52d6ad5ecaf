import { formatDuration } from "@babylon/llm-core/status";
import type { TuningEvent } from "@babylon/tuning";
import type { CommandContext } from "../command-context.ts";

/** Erases a line of a terminal and goes to its beginning. */
const ERASE_LINE = "\r\u001b[K";
const BAR_WIDTH = 24;

/** Prints events while they happen: as JSON a line each; on a terminal steps are one line with a bar, that is written again; else a line each. */
export async function printTuningEvents(
  events: AsyncIterable<TuningEvent>,
  { json, print }: Pick<CommandContext, "json" | "print">,
): Promise<void> {
  let hasBar = false;
  try {
    for await (const event of events) {
      if (json) {
        print.json(event, "line");
      } else if (print.isTerminal && event.type === "step") {
        print.text(`${ERASE_LINE}${barOf(event)}${toLine(event)}`);
        hasBar = true;
      } else {
        endBar();
        print.lines(toLine(event));
      }
    }
  } finally {
    endBar();
  }

  function endBar(): void {
    if (hasBar) print.text("\n");
    hasBar = false;
  }
}

/** `[######                  ] 25 %, `; empty: the number of steps is not known. */
function barOf({ step, of }: Extract<TuningEvent, { type: "step" }>): string {
  if (of === null || of <= 0) return "";
  const share = Math.min(1, step / of);
  const done = Math.round(share * BAR_WIDTH);
  return `[${"#".repeat(done)}${" ".repeat(BAR_WIDTH - done)}] ${Math.floor(share * 100)} %, `;
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
