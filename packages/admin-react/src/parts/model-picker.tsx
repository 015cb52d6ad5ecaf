import type { ProviderModels } from "@babylon/admin-api/contract";
import { type ReactElement, useEffect, useId, useRef, useState } from "react";
import { ActionButton } from "./action-button.tsx";
import { Icon } from "./icon.tsx";
import { ModelList } from "./model-list.tsx";
import { useReadOnly } from "./read-only.ts";

interface ModelPickerProps {
  readonly label: string;
  /** The chosen id; `null`: no choice. */
  readonly value: string | null;
  /** The id that is used without a choice. */
  readonly fallback: string;
  /** Where that id comes from, in one word. Default: `Default`. */
  readonly source?: string;
  readonly models: ProviderModels;
  onChoose(model: string | null): void;
}

/** Chooses a model: by a search of the known ones, or by typing an id that is in no list. */
export function ModelPicker({
  label,
  value,
  fallback,
  source = "Default",
  models,
  onChoose,
}: ModelPickerProps): ReactElement {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const popup = useId();
  const readOnly = useReadOnly();

  useEffect(() => {
    if (!open) return undefined;
    const onElsewhere = ({ target }: Event) => {
      if (target instanceof Node && root.current?.contains(target) === false) setOpen(false);
    };
    document.addEventListener("pointerdown", onElsewhere);
    document.addEventListener("focusin", onElsewhere);
    return () => {
      document.removeEventListener("pointerdown", onElsewhere);
      document.removeEventListener("focusin", onElsewhere);
    };
  }, [open]);

  function close(): void {
    setOpen(false);
    button.current?.focus();
  }
  const retired = value !== null && Object.hasOwn(models.retired, value) ? models.retired[value] : undefined;

  return (
    <div className="bm-picker" ref={root}>
      <button
        type="button"
        ref={button}
        className="bm-field bm-picker-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? popup : undefined}
        disabled={readOnly}
        onClick={() => setOpen(!open)}
      >
        <span className="bm-hidden">{label}: </span>
        <span className="bm-mono bm-picker-value">{value ?? fallback}</span>
        {value === null && <span className="bm-tag">{source}</span>}
        <Icon name="chevron" />
      </button>
      {retired !== undefined && (
        <p className="bm-retired">
          <Icon name="alert" />
          <span>
            Retired{retired.retiredAt === null ? "" : ` ${retired.retiredAt}`}.{" "}
            <ActionButton
              className="bm-text-button"
              blocked={readOnly}
              onClick={() => {
                onChoose(retired.replacement);
                button.current?.focus();
              }}
            >
              Use {retired.replacement}
            </ActionButton>
          </span>
        </p>
      )}
      {open && (
        <ModelList
          id={popup}
          label={label}
          value={value}
          fallback={fallback}
          models={models}
          onClose={close}
          onChoose={(model) => {
            onChoose(model);
            close();
          }}
        />
      )}
    </div>
  );
}
