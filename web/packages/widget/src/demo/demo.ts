// The shop's own script: its buttons open the chat.
import type {} from "../options";

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-chat]")) {
  button.addEventListener("click", () => window.Vestibule?.open());
}
