import { describe, expect, it } from 'vitest';
import { beneath } from '../src/logic/beneath';

describe('an address', () => {
  it.each([
    ['/account/login', './account/login'],
    ['/avatar/7.svg', './avatar/7.svg'],
    ['https://cdn.example/x.png', 'https://cdn.example/x.png'],
    ['//cdn.example/x.png', '//cdn.example/x.png'],
    ['', ''],
  ])('of the server is beneath the page, and another stays what it is: %s', (path, address) => {
    expect(beneath(path)).toBe(address);
  });

  it('stands in the folder that the page stands in', () => {
    expect(new URL(beneath('/ws'), 'wss://chat.example/some/chat/#/room/7').href).toBe(
      'wss://chat.example/some/chat/ws',
    );
  });
});
