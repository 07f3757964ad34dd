namespace Sailfish.Server.Storage.Postgres;

/// <summary>What the database said to one try to append.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Failure">Why it was not stored, or is not known to be.</param>
internal readonly record struct AppendAnswer(AppendOutcome Outcome, Exception? Failure = null);

/// <summary>The place of one message.</summary>
/// <param name="Number">Which one of the batch, from 1.</param>
/// <param name="ConversationId">The conversation's row.</param>
/// <param name="Seq">Its seq.</param>
/// <param name="Earlier">What was stored with its key before; null when that is this message.</param>
internal readonly record struct AppendRow(int Number, long ConversationId, long Seq, EarlierMessage? Earlier);

/// <summary>What a message with a key is, of which another one came before.</summary>
/// <param name="Time">Its time.</param>
/// <param name="BizCode">Its kind.</param>
/// <param name="Data">What it says.</param>
internal sealed record EarlierMessage(long Time, int BizCode, string Data);
