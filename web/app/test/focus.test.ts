import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, watch } from 'vue';
import { followView, keepFocus } from '../src/state/focus';

let scope = effectScope();
let content: HTMLElement;
const view = ref('a');
const part = ref(1);

beforeEach(() => {
  document.body.replaceChildren(document.createElement('a'), document.createElement('main'));
  content = document.querySelector('main') as HTMLElement;
  content.id = 'content';
  content.tabIndex = -1;
  content.append(document.createElement('button'));
  document.querySelector('a')?.setAttribute('href', '#x');
  scope = effectScope();
  scope.run(() => {
    followView(view);
    keepFocus(part);
  });
});

afterEach(() => {
  scope.stop();
  document.body.replaceChildren();
});

async function settle(): Promise<void> {
  await nextTick();
  await nextTick();
}

function addHeading(): HTMLElement {
  const heading = document.createElement('h1');
  content.append(heading);
  return heading;
}

it('another view has the focus on its heading, wherever it was', async () => {
  const heading = addHeading();
  document.querySelector('a')?.focus();
  view.value += 'b';
  await settle();
  expect(document.activeElement).toBe(heading);
});

it('a heading that comes later gets it then, unless somebody has gone on', async () => {
  view.value += 'b';
  await settle();
  expect(document.activeElement).toBe(content);
  const heading = addHeading();
  await vi.waitFor(() => expect(document.activeElement).toBe(heading));

  heading.remove();
  view.value += 'b';
  await settle();
  const button = content.querySelector('button') as HTMLElement;
  button.focus();
  addHeading();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(document.activeElement).toBe(button);
});

it('a part of a view that changes leaves the focus where it is, as long as that is there', async () => {
  const heading = addHeading();
  const way = document.querySelector('a') as HTMLElement;
  // Without layout nothing has rectangles.
  way.getClientRects = () => [{}] as unknown as DOMRectList;
  way.focus();
  part.value++;
  await settle();
  expect(document.activeElement).toBe(way);
  const button = content.querySelector('button') as HTMLElement;
  button.focus();
  // As the page is drawn: after it was found out what has changed.
  scope.run(() => watch(part, () => button.remove(), { flush: 'post' }));
  part.value++;
  await settle();
  expect(document.activeElement).toBe(heading);
});
