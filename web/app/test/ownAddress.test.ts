import { expect, it } from 'vitest';
import { ownAddress, socketAddress } from '../src/logic/ownAddress';

it.each([
  ['/live/7.flv?token=a', 'https://x.example/#/room/7', 'wss://x.example/live/7.flv?token=a'],
  ['/live/7.flv', 'http://x.example/chat/#/room/7', 'ws://x.example/chat/live/7.flv'],
  ['/chat/live/7.flv', 'http://x.example/chat/#/room/7', 'ws://x.example/chat/live/7.flv'],
])('a path is beneath the page, with the server’s own prefix or without: %s on %s', (path, page, address) => {
  expect(socketAddress(path, page)).toBe(address);
});

it('a picture stays a path', () => {
  expect(ownAddress('/live/7.jpg', 'https://x.example/chat/')).toBe('./live/7.jpg');
  expect(ownAddress('/chat/live/7.jpg', 'https://x.example/chat/')).toBe('/chat/live/7.jpg');
});
