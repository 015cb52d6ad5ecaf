import { stripVTControlCharacters } from "node:util";

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/**
 * Rows as lines with aligned columns, separated by two spaces. Colour codes do not count for the width.
 *
 * @param isNumber - whether a column is aligned to the right. Default: none is
 */
export function formatTable(
  rows: readonly (readonly string[])[],
  isNumber: (column: number) => boolean = () => false,
): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const space = " ".repeat((widths[column] ?? 0) - widthOf(cell));
        return isNumber(column) ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd(),
  );
}
