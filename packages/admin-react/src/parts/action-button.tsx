import type { ComponentProps, ReactElement } from "react";

interface ActionButtonProps extends Omit<ComponentProps<"button">, "type" | "disabled" | "aria-disabled"> {
  /** It cannot be pressed now. */
  readonly blocked?: boolean;
}

/** A button that keeps the focus while it cannot be pressed: a disabled one would lose it. */
export function ActionButton({ blocked = false, onClick, ...rest }: ActionButtonProps): ReactElement {
  return <button {...rest} type="button" aria-disabled={blocked} onClick={blocked ? undefined : onClick} />;
}
