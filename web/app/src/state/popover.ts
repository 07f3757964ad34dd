import { onMounted, onUnmounted } from 'vue';

export interface Popover {
  /** What belongs to it: itself, and what opened it. */
  readonly parts: () => readonly (Element | null | undefined)[];
  /** Escape: what opened it gets the focus back. */
  readonly close: () => void;
  /** A press elsewhere: the focus goes there. */
  readonly leave: () => void;
}

/** What stands over the page until somebody is done with it. For the component that draws it. */
export function usePopover({ parts, close, leave }: Popover): void {
  function onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.isComposing) close();
  }

  function onPointer(event: PointerEvent): void {
    const { target } = event;
    if (target instanceof Node && !parts().some((part) => part?.contains(target))) leave();
  }

  onMounted(() => {
    document.addEventListener('pointerdown', onPointer);
    document.addEventListener('keydown', onKey);
  });
  onUnmounted(() => {
    document.removeEventListener('pointerdown', onPointer);
    document.removeEventListener('keydown', onKey);
  });
}
