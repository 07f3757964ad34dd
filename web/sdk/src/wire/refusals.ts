import { ClientErrors, SailfishError } from '../errors.js';
import { type Body, textOf, wholeOf } from './frames.js';

/** What an ERROR frame says. */
export function refusalOf(body: Body): SailfishError {
  const error = textOf(body.error) ?? 'internal';
  return new SailfishError(error, textOf(body.message) || 'the server refused', {
    retryAfterMs: wholeOf(body.retryAfterMs),
    roomId: wholeOf(body.roomId),
    final: error === 'bad_token',
  });
}

/** What a BYE frame says. */
export function farewellOf(body: Body): SailfishError {
  return new SailfishError(textOf(body.reason) ?? ClientErrors.connectionLost, 'the server said goodbye', {
    retryAfterMs: wholeOf(body.afterMs),
    final: body.reconnect !== true,
  });
}
