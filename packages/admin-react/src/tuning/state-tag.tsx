import type { ReactElement } from "react";
import type { Tone } from "../words/describe-provider.ts";

/** A state in one or two words, with its colour. */
export function StateTag({ label, tone }: { readonly label: string; readonly tone: Tone }): ReactElement {
  return (
    <span className="bm-state" data-tone={tone}>
      {label}
    </span>
  );
}
