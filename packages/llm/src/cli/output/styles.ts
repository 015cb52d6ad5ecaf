// Names that an older Node lacks are taken from the namespace: imported by name, they would keep it from saying that it is too old.
import * as util from "node:util";
import { type Env, readEnv } from "@babylon/llm-core";
import type { Output } from "../cli-host.ts";

type Style = (text: string) => string;

/** Text styles; each returns the text unchanged if colours are disabled. */
export interface Styles {
  readonly bold: Style;
  readonly dim: Style;
  readonly good: Style;
  readonly bad: Style;
  readonly warning: Style;
}

/** Colours are used on terminals that support them, unless NO_COLOR is set: https://no-color.org. */
export function wantsColour({ isTTY }: Pick<Output, "isTTY">, env: Env): boolean {
  return isTTY === true && readEnv(env, "NO_COLOR") === undefined && readEnv(env, "TERM") !== "dumb";
}

/** The styles of a stream. */
export function createStyles(colour: boolean): Styles {
  const style =
    (format: Parameters<typeof util.styleText>[0]): Style =>
    (text) =>
      colour && text !== "" ? util.styleText(format, text, { validateStream: false }) : text;
  return {
    bold: style("bold"),
    dim: style("dim"),
    good: style("green"),
    bad: style("red"),
    warning: style("yellow"),
  };
}
