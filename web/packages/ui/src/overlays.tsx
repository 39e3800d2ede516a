// What lies over the page: questions, and what is said to screen readers.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Gallery } from "./gallery";
import { Button, Toasts } from "./parts";
import { UiContext, useUi, type ConfirmRequest, type Ui } from "./ui";

/** Around everything of ours: gives components their `Ui` and draws what lies over them. */
export function UiRoot({ ui, children }: { ui: Ui; children: ComponentChildren }) {
  return (
    <UiContext.Provider value={ui}>
      {children}
      <Toasts />
      <Announcer />
      <Confirm />
      <Gallery />
    </UiContext.Provider>
  );
}

/** A modal dialog of the browser's own: focus stays in, Escape closes, the page behind is inert. */
export function Dialog({ label, class: extra = "", onClose, children }: { label: string; class?: string; onClose: () => void; children: ComponentChildren }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = focused(ref.current);
    ref.current?.showModal();
    return () => before?.focus();
  }, []);
  return (
    <dialog
      ref={ref}
      class={`v-dialog ${extra}`}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
      onKeyDown={(event) => event.key === "Escape" && event.stopPropagation()} // it closes this, not what is behind it
    >
      {children}
    </dialog>
  );
}

function focused(element: HTMLElement | null): HTMLElement | null {
  return (element?.getRootNode() as Document | ShadowRoot | undefined)?.activeElement as HTMLElement | null;
}

function Confirm() {
  const ui = useUi();
  const [request, setRequest] = useState<ConfirmRequest | null>(null);
  useEffect(() => ui.listen("confirm", setRequest), [ui]);
  if (!request) return null;
  return (
    <Dialog label={request.title} onClose={() => ui.answer(false)}>
      <div class="v-confirm">
        <h2>{request.title}</h2>
        <p>{request.text}</p>
        <div class="v-buttons">
          <Button onClick={() => ui.answer(false)}>{ui.texts.cancel}</Button>
          <Button kind={request.isDangerous ? "danger" : "primary"} onClick={() => ui.answer(true)}>
            {request.action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Announcer() {
  const ui = useUi();
  const [sentence, setSentence] = useState("");
  useEffect(() => ui.listen("announce", setSentence), [ui]);
  return (
    <div class="v-hidden" role="status" aria-live="polite">
      {sentence}
    </div>
  );
}
