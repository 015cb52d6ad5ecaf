import type { MouseEvent } from "react";

/** Whether a click opens the link here; with a key or another button the browser decides. */
export const isPlainClick = ({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean =>
  button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey;
