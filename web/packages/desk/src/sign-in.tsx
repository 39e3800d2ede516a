import { isChatError } from "@vestibule/client";
import { Button, Icon, IconButton, icons } from "@vestibule/ui";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Door } from "./door";
import { useNow } from "./hooks";
import type { DeskTexts } from "./texts";

/** One quiet card. */
export function SignIn({ door }: { door: Door }) {
  const { texts, site, notice } = door;
  const isExpired = notice === "expired";
  return (
    <main class="d-door">
      <div class="d-card">
        <span class="d-arch">
          <Icon path={icons.arch} size={28} />
        </span>
        <h1>{isExpired ? texts.expired : texts.signInTo(site.team)}</h1>
        <p class="d-soft">{isExpired ? texts.expiredText : notice === "signedOut" ? texts.signedOut : texts.signInText}</p>
        <Form door={door} />
      </div>
      <p class="d-door-note">
        <Icon path={icons.shield} size={16} />
        {texts.privacy}
      </p>
    </main>
  );
}

function Form({ door }: { door: Door }) {
  const { texts, settings } = door;
  const [error, setError] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [until, setUntil] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const left = useSecondsUntil(until);
  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>(settings.name ? "[name=password]" : "[name=name]")?.focus();
  }, []);

  const failed = (thrown: unknown) => {
    setBusy(false);
    setError(sentenceFor(thrown, texts));
    if (isChatError(thrown) && thrown.status === 429) setUntil(Date.now() + 1000 * Number(thrown.details["retry_after"] ?? 30));
    form.current?.querySelector<HTMLInputElement>("[name=password]")?.select();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (isBusy || left > 0 || !form.current) return;
    const [name = "", password = ""] = [...form.current.querySelectorAll("input")].map((field) => field.value);
    if (!name.trim() || !password) return setError(texts.missing);
    setBusy(true);
    setError("");
    door.signIn(name.trim(), password).catch(failed);
  };
  return (
    <form ref={form} class="d-form" onSubmit={submit} noValidate>
      <label class="v-field">
        <span>{texts.name}</span>
        <input name="name" autocomplete="username" autocapitalize="none" spellcheck={false} defaultValue={settings.name} maxLength={256} aria-invalid={error === texts.missing} />
      </label>
      <Password texts={texts} isWrong={error !== ""} />
      <p class="v-error" role="alert">
        {error && (
          <>
            <Icon path={icons.warning} size={16} />
            <span>{error}</span>
          </>
        )}
      </p>
      <Button type="submit" kind="primary" class="d-wide" aria-disabled={isBusy || left > 0}>
        {isBusy ? texts.signingIn : left > 0 ? texts.tryIn(left) : texts.signIn}
      </Button>
    </form>
  );
}

function Password({ texts, isWrong }: { texts: DeskTexts; isWrong: boolean }) {
  const [isShown, setShown] = useState(false);
  return (
    <div class="v-field">
      <label for="d-password">
        <span>{texts.password}</span>
      </label>
      <span class="d-password">
        <input id="d-password" name="password" {...(isShown ? { type: "text" } : { type: "password" })} autocomplete="current-password" maxLength={1024} aria-invalid={isWrong} />
        <IconButton icon={isShown ? icons.eyeOff : icons.eye} label={isShown ? texts.hidePassword : texts.showPassword} aria-pressed={isShown} onClick={() => setShown(!isShown)} />
      </span>
    </div>
  );
}

function useSecondsUntil(until: number): number {
  const now = useNow(500);
  return Math.max(0, Math.ceil((until - now) / 1000));
}

function sentenceFor(error: unknown, texts: DeskTexts): string {
  if (!isChatError(error)) return String(error);
  if (error.status === 401) return texts.wrongPassword;
  if (error.status === 429) return texts.slowed;
  return error.status === 0 ? texts.notReached : [error.message, error.advice].filter(Boolean).join(" ");
}
