namespace Sailfish.Media;

/// <summary>
/// What a peer sent cannot be read, or is over a limit: its connection is of no more use. The message says which rule was
/// broken and is fit for a log: it never holds bytes of the peer, among which a stream key may be.
/// </summary>
public sealed class MediaFormatException : Exception
{
    /// <summary>Without a message.</summary>
    public MediaFormatException()
    {
    }

    /// <summary>With the rule that was broken.</summary>
    public MediaFormatException(string message)
        : base(message)
    {
    }

    /// <summary>With the rule that was broken, and what showed it.</summary>
    public MediaFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
