import { Button, Icon, icons } from "@vestibule/ui";
import { useState } from "preact/hooks";
import type { Engagement } from "./engagement";
import { english as texts } from "./texts";

/** A greeting, and only what the site asks for. */
export function StartForm({ engagement }: { engagement: Engagement }) {
  const { site, options, stage, error } = engagement;
  const [name, setName] = useState(options.name);
  const [email, setEmail] = useState(options.email);
  const isStarting = stage === "starting";
  const start = (event: SubmitEvent) => {
    event.preventDefault();
    const formData = { ...(name.trim() && { friendly_name: name.trim() }), ...(email.trim() && { email: email.trim() }) };
    void engagement.actions.tryInvokeAction("StartEngagement", { formData });
  };
  return (
    <form class="w-start" onSubmit={start}>
      <div class="w-hello">
        <span class="w-arch">
          <Icon path={icons.arch} size={44} />
        </span>
        <h2 dir="auto">{site.greeting || texts.hello}</h2>
      </div>
      {site.ask_name && <Field label={texts.name} value={name} set={setName} autocomplete="name" />}
      {site.ask_email && <Field label={texts.email} value={email} set={setEmail} autocomplete="email" hint={texts.emailWhy} />}
      {error && <p class="v-error" role="alert">{error}</p>}
      <Button kind="primary" type="submit" disabled={isStarting}>
        {isStarting ? texts.beginning : texts.begin}
      </Button>
      <p class="w-privacy">
        <Icon path={icons.shield} size={16} />
        {texts.privacy}
      </p>
    </form>
  );
}

interface FieldProps {
  label: string;
  value: string;
  set: (value: string) => void;
  autocomplete: "name" | "email";
  hint?: string;
}

function Field({ label, value, set, autocomplete, hint }: FieldProps) {
  const shared = { value, autocomplete, maxLength: 120, onInput: (event: InputEvent) => set((event.currentTarget as HTMLInputElement).value) };
  return (
    <label class="v-field">
      <span>
        {label} <i>({texts.optional})</i>
      </span>
      {autocomplete === "email" ? <input type="email" {...shared} /> : <input type="text" {...shared} />}
      {hint && <small class="w-hint">{hint}</small>}
    </label>
  );
}
