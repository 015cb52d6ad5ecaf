import type { ReactElement } from "react";
import type { ProviderWords } from "../words/describe-provider.ts";

/** A dot and a word. */
export function StateLabel({ words }: { readonly words: ProviderWords }): ReactElement {
  return (
    <p className="bm-state" data-tone={words.tone}>
      <span className="bm-dot" aria-hidden="true" />
      {words.label}
    </p>
  );
}
