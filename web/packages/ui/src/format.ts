import type { Texts } from "./texts";

const UNITS = ["B", "KB", "MB", "GB"];

/** `1.4 MB`; two digits at most, as one reads it. A KB has 1024 bytes, as where limits are set. */
export function formatSize(bytes: number, locale?: string): string {
  const power = Math.min(3, Math.max(0, Math.floor(Math.log2(Math.max(bytes, 1)) / 10)));
  const value = bytes / 1024 ** power;
  const digits = power > 0 && value < 10 ? 1 : 0;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)} ${UNITS[power] ?? "B"}`;
}

/** `0:07`, `12:40`, `1:02:09`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function formatTime(date: Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(date);
}

export function formatDay(date: Date, texts: Texts, locale?: string, now = new Date()): string {
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000);
  if (days === 0) return texts.today;
  if (days === 1) return texts.yesterday;
  const format: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" };
  if (date.getFullYear() !== now.getFullYear()) format.year = "numeric";
  return new Intl.DateTimeFormat(locale, format).format(date);
}

export function formatPercent(part: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { style: "percent" }).format(part);
}

export function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** One or two letters for an avatar. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/[\s._@-]+/u).filter((word) => /^\p{L}/u.test(word));
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => Array.from(word ?? "")[0]?.toLocaleUpperCase() ?? "").join("") || "?";
}

/** A name in two parts: the first may be cut, the second (the end with the extension) never is. */
export function splitName(name: string): [string, string] {
  const letters = Array.from(name);
  if (letters.length <= 16) return ["", name];
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 && name.length - dot <= 6 ? Array.from(name.slice(dot)).length : 0;
  const kept = ending + 5;
  return [letters.slice(0, -kept).join(""), letters.slice(-kept).join("")];
}

/** The largest size of that shape within the box; never larger than the picture itself, never a thread. */
export function fit(width: number, height: number, maxWidth: number, maxHeight: number): { width: number; height: number } {
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  return { width: Math.max(72, Math.round(width * scale)), height: Math.max(72, Math.round(height * scale)) };
}
