import type { ProviderModels } from "@babylon/admin-api/contract";
import { type ReactElement, useEffect, useId, useRef, useState } from "react";
import { Icon } from "./icon.tsx";
import { ModelList } from "./model-list.tsx";

interface ModelPickerProps {
  readonly label: string;
  /** The chosen id; `null`: whatever would be taken without a choice. */
  readonly value: string | null;
  /** What stands for no choice, such as the default model's id. */
  readonly fallback: string;
  /** Where that comes from, in a word. Default: `Default`. */
  readonly source?: string;
  readonly models: ProviderModels;
  readonly disabled?: boolean;
  onChoose(model: string | null): void;
}

/** Chooses a model: by search over those known, or by typing an id that no list has. */
export function ModelPicker({
  label,
  value,
  fallback,
  source = "Default",
  models,
  disabled = false,
  onChoose,
}: ModelPickerProps): ReactElement {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const popup = useId();

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
        disabled={disabled}
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
            <button type="button" className="bm-text-button" onClick={() => onChoose(retired.replacement)}>
              Use {retired.replacement}
            </button>
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
