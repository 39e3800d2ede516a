// What loader and widget agree on.

/** From the script tag's `data-` attributes. */
export interface WidgetOptions {
  /** Where the script came from, without a slash at the end. */
  origin: string;
  accent: string;
  theme: string;
  /** `left` or `right`; empty: where a line ends. */
  position: string;
  language: string;
  name: string;
  email: string;
}

/** What the loader gives to the widget. */
export interface Place {
  options: WidgetOptions;
  host: HTMLElement;
  shadow: ShadowRoot;
  launcher: HTMLButtonElement;
}

/** `window.Vestibule`, for the page. */
export interface WidgetApi {
  open: () => void;
  close: () => void;
  toggle: () => void;
}

export interface Started {
  place: Place;
  /** Set by the widget when it is there. */
  start?: (place: Place) => WidgetApi;
}

declare global {
  interface Window {
    Vestibule?: WidgetApi;
    /** Between the two scripts, for the moment of loading. */
    __vestibule?: (place: Place) => WidgetApi;
  }
}

export function resumeKey(origin: string): string {
  return `vestibule:chat:${origin}`;
}
