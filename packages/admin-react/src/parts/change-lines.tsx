import { type ReactElement, useState } from "react";
import type { ChangeWords } from "../words/describe-changes.ts";

const SHOWN = 5;

/** The changes of one version, a few at first. */
export function ChangeLines({ changes }: { readonly changes: readonly ChangeWords[] }): ReactElement {
  const [all, setAll] = useState(false);
  const hidden = changes.length - SHOWN;
  if (changes.length === 0) return <p>Settings that this page does not know</p>;
  return (
    <>
      {(all ? changes : changes.slice(0, SHOWN)).map(({ key, subject, change }) => (
        <p key={key} className="bm-break">
          <strong>{subject}</strong>: {change}
        </p>
      ))}
      {hidden > 0 && (
        <button type="button" className="bm-text-button" onClick={() => setAll(!all)}>
          {all ? "Show fewer changes" : `Show ${hidden} more changes`}
        </button>
      )}
    </>
  );
}
