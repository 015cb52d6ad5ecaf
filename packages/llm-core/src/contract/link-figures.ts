import type { Figures, Windows } from "./figures.ts";

/** Figures of the attempts on a link: of the last five minutes, and by window. */
export interface LinkFigures extends Figures {
  readonly windows: Windows<Figures>;
}
