using Sailfish.Protocol.Bodies;

namespace Sailfish.Client;

/// <summary>The server refused something, or the client gave up on it.</summary>
public sealed class SailfishException : Exception
{
    /// <summary>Makes an exception with an error word.</summary>
    /// <param name="error">A stable word: the server's (docs/protocol.md, section 1) or one of <see cref="ClientErrors"/>.</param>
    /// <param name="message">A sentence for a person.</param>
    /// <param name="retryAfterMs">Milliseconds until trying again can succeed, where that is known.</param>
    /// <param name="innerException">What went wrong beneath.</param>
    public SailfishException(string error, string message, long? retryAfterMs = null, Exception? innerException = null)
        : base($"{message} ({error})", innerException)
    {
        Error = error;
        RetryAfterMs = retryAfterMs;
    }

    /// <summary>A stable word to decide by: the server's (docs/protocol.md, section 1) or one of <see cref="ClientErrors"/>.</summary>
    public string Error { get; }

    /// <summary>Milliseconds until trying again can succeed; null where that is not known.</summary>
    public long? RetryAfterMs { get; }

    /// <summary>Whether trying to connect again cannot help.</summary>
    internal bool IsFinal { get; init; }

    /// <summary>Whether only the connection was lost, so that the next one may try the same again.</summary>
    internal bool IsConnectionLost => Error == ClientErrors.ConnectionLost;

    internal static SailfishException From(ErrorBody body) => new(body.Error ?? ErrorWords.Internal, Sentence(body), body.RetryAfterMs)
    {
        IsFinal = body.Error == ErrorWords.BadToken,
    };

    internal static SailfishException From(ByeBody bye) => new(bye.Reason ?? ClientErrors.ConnectionLost, "the server said goodbye", bye.AfterMs)
    {
        IsFinal = !bye.Reconnect,
    };

    internal static SailfishException ConnectionLost(Exception? cause = null) =>
        new(ClientErrors.ConnectionLost, "the connection was lost", null, cause);

    private static string Sentence(ErrorBody body) =>
        body.Message is { Length: > 0 } sentence ? sentence : "the server refused";
}
