// Light, dark, or what the reader's system says. The choice lasts as long as the page is open: a file from the disk may
// keep nothing, and keeping nothing needs no permission.

import { segmented } from "./widgets";

type Choice = "auto" | "light" | "dark";

let choice: Choice = "auto";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function apply(): void {
  document.documentElement.dataset.theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
  for (const listener of listeners) listener();
}

dark.addEventListener("change", apply);
apply();

/** Calls back after every change of theme, for what is drawn on a canvas; the answer ends that. */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The value that a colour role has now: colour("--accent"). */
export function colour(role: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(role).trim();
}

export function themeSwitch(): HTMLElement {
  const chosen = (value: string) => {
    choice = value as Choice;
    apply();
  };
  const control = segmented("Theme", [["auto", "Auto"], ["light", "Light"], ["dark", "Dark"]], choice, chosen);
  control.classList.add("no-print");
  return control;
}
