import type { ReactElement } from "react";
import type { StandingWords } from "../words/describe-standing.ts";

/** A dot and a word. */
export function StateLabel({ words }: { readonly words: StandingWords }): ReactElement {
  return (
    <p className="bm-state" data-tone={words.tone}>
      <span className="bm-dot" aria-hidden="true" />
      {words.label}
    </p>
  );
}
