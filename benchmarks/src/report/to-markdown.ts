import { type Line, rounded } from "./line.ts";

const HEAD = ["what", "ours", "against", "ratio", "limit", "stretch", "holds"];

/** The table of all lines. */
export function toMarkdown(lines: readonly Line[]): string {
  const rows = lines.map(({ what, ours, against, ratio, limit, stretch, holds }) =>
    [what, ours, against, ratio === null ? "" : rounded(ratio), limit, stretch, holds ? "yes" : "**no**"].join(" | "),
  );
  return [HEAD.join(" | "), HEAD.map(() => "---").join(" | "), ...rows].map((row) => `| ${row} |`).join("\n");
}
