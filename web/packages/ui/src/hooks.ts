import type { Media, RenditionName } from "@vestibule/client";
import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

interface Changing {
  listen(event: "changed", listener: () => void): () => void;
}

/** Draws again whenever `source` says `changed`. */
export function useChanges(source: Changing | null | undefined): void {
  const [, again] = useReducer((count: number) => count + 1, 0);
  useLayoutEffect(() => source?.listen("changed", () => again(undefined)), [source]);
}

/** Whether the element is, or was, near what one sees. */
export function useSeen(ref: RefObject<Element | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || isSeen) return undefined;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), { rootMargin: "400px" });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, isSeen]);
  return isSeen;
}

export interface LinkOf {
  url: string | null;
  hasFailed: boolean;
  /** The address stopped working: asks for another, twice at most. */
  renew: () => void;
}

/** An address of a file's rendition, asked for when wanted. */
export function useLink(media: Media | null, rendition: RenditionName | undefined, isWanted: boolean): LinkOf {
  const [url, setUrl] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const hasFailed = attempt > 2;
  const sid = media?.sid;
  useEffect(() => {
    if (!media || !isWanted || hasFailed) return undefined;
    const wanted = new AbortController();
    media.getContentUrl(rendition ? { rendition } : {}).then(
      (fresh) => wanted.signal.aborted || setUrl(fresh),
      () => wanted.signal.aborted || setAttempt(3),
    );
    return () => wanted.abort();
  }, [sid, rendition, isWanted, attempt]);
  return { url, hasFailed, renew: useCallback(() => setAttempt((count) => count + 1), []) };
}

export interface LocalPicture {
  url: string;
  width: number;
  height: number;
}

const DRAWABLE = /^image\/(jpeg|png|gif|webp|avif|bmp)$/;

/** A picture of a file on this device, with its shape; null while unknown, and for what is no picture. */
export function useLocalPicture(file: File | null): LocalPicture | null {
  const [picture, setPicture] = useState<LocalPicture | null>(null);
  useEffect(() => {
    if (!file || !DRAWABLE.test(file.type)) return undefined;
    const url = URL.createObjectURL(file);
    const image = new Image();
    image.onload = () => setPicture({ url, width: image.naturalWidth, height: image.naturalHeight });
    image.src = url;
    return () => {
      image.onload = null;
      setPicture(null);
      URL.revokeObjectURL(url);
    };
  }, [file]);
  return picture;
}

/** True once `isOn` has been so for `milliseconds`: for what should be said only if it takes long. */
export function useAfter(isOn: boolean, milliseconds: number): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!isOn) return undefined;
    const timer = setTimeout(() => setLong(true), milliseconds);
    return () => clearTimeout(timer);
  }, [isOn, milliseconds]);
  return isOn && isLong;
}

/** The last value of something, without drawing again. */
export function useLatest<T>(value: T): RefObject<T> & { current: T } {
  const ref = useRef(value);
  ref.current = value;
  return ref;
}
