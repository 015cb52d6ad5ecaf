import { type RefObject, useEffect, useRef } from "react";

/** Shows a dialog as a modal one as soon as it is on the page. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current: element } = dialog;
    if (element?.open === false) element.showModal();
  }, []);
  return dialog;
}
