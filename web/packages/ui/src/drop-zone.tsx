import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { formatSize } from "./format";
import * as icons from "./icons";
import { Icon } from "./parts";
import { useUi } from "./ui";

/** Takes files that are dropped anywhere on its children, under one calm overlay. */
export function DropZone({ take, isOpen = true, children }: { take: (files: File[]) => void; isOpen?: boolean; children: ComponentChildren }) {
  const { texts, rules, locale } = useUi();
  const depth = useRef(0); // enter and leave are told of every child as well
  const [isOver, setOver] = useState(false);
  const enter = (step: number) => (event: DragEvent) => {
    if (!isOpen || !hasFiles(event)) return;
    event.preventDefault();
    depth.current = Math.max(0, depth.current + step);
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault(); // or the browser leaves the page to show the file
    depth.current = 0;
    setOver(false);
    if (isOpen) take([...(event.dataTransfer?.files ?? [])]);
  };
  const { words, max_bytes: most } = rules();
  return (
    <div class="v-drop-zone" onDragEnter={enter(1)} onDragLeave={enter(-1)} onDragOver={(event) => hasFiles(event) && event.preventDefault()} onDrop={drop}>
      {children}
      {isOver && (
        <div class="v-drop" aria-hidden="true">
          <Icon path={icons.clip} size={28} />
          <strong>{texts.dropToSend}</strong>
          <span>{texts.dropHint(words, formatSize(most, locale))}</span>
        </div>
      )}
    </div>
  );
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
