// One colour is the operator's. What stands on it, and its shade for the dark, is computed for contrast.

type Rgb = [number, number, number];

export const VERDIGRIS = "#1f7a6d";
const VERDIGRIS_DARK = "#5cc8b4";
const INK = "#1f1d1a";
const READABLE = 4.5; // WCAG 2.2, 1.4.3

export interface Accent {
  light: string;
  dark: string;
  onLight: string;
  onDark: string;
}

export function accentOf(color: string): Accent {
  const base = parse(color) ? color : VERDIGRIS;
  const light = shade(base, "#000000", (tried) => contrast(tried, "#ffffff") >= READABLE);
  const dark = base === VERDIGRIS ? VERDIGRIS_DARK : shade(base, "#ffffff", (tried) => contrast(tried, "#201e1c") >= 6);
  return { light, dark, onLight: textOn(light), onDark: textOn(dark) };
}

/** Sets the accent on a root element of ours. Through CSSOM, which a strict policy allows. */
export function applyAccent(root: HTMLElement, color: string): void {
  const accent = accentOf(color);
  root.style.setProperty("--accent", `light-dark(${accent.light}, ${accent.dark})`);
  root.style.setProperty("--on-accent", `light-dark(${accent.onLight}, ${accent.onDark})`);
}

export function textOn(color: string): string {
  return contrast(color, "#ffffff") >= contrast(color, INK) ? "#ffffff" : INK;
}

export function contrast(a: string, b: string): number {
  const [one, two] = [luminance(a), luminance(b)];
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}

function shade(color: string, towards: string, isEnough: (tried: string) => boolean): string {
  for (let part = 0; part <= 1; part += 0.05) {
    const tried = mix(color, towards, part);
    if (isEnough(tried)) return tried;
  }
  return towards;
}

function mix(color: string, other: string, part: number): string {
  const [a, b] = [parse(color) ?? [0, 0, 0], parse(other) ?? [0, 0, 0]];
  const value = a.map((channel, i) => Math.round(channel + ((b[i] ?? 0) - channel) * part));
  return "#" + value.map((channel) => channel.toString(16).padStart(2, "0")).join("");
}

function luminance(color: string): number {
  const [r, g, b] = (parse(color) ?? [0, 0, 0]).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function parse(color: string): Rgb | null {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(color);
  const full = short ? `#${short.slice(1).map((digit) => digit + digit).join("")}` : color;
  const found = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(full);
  return found ? (found.slice(1).map((part) => parseInt(part, 16)) as Rgb) : null;
}
