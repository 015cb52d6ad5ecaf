import type { ReactElement, ReactNode } from "react";
import type { Tone } from "../words/describe-provider.ts";
import { Icon, type IconName } from "./icon.tsx";

interface NoticeProps {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly children: ReactNode;
  /** Buttons at its end. */
  readonly actions?: ReactNode;
}

/** A message about the page as a whole. */
export function Notice({ tone, icon, children, actions }: NoticeProps): ReactElement {
  return (
    <div className="bm-notice" data-tone={tone}>
      <Icon name={icon} />
      <div className="bm-notice-text">{children}</div>
      {actions !== undefined && <div className="bm-notice-actions">{actions}</div>}
    </div>
  );
}
