namespace Sailfish.Server.Messaging;

/// <summary>Judges what users write before it is stored. A product may put its own in place of the word list.</summary>
internal interface IContentCheck
{
    ValueTask<ContentVerdict> CheckAsync(string content, CancellationToken cancellationToken);
}

/// <summary>What the check says.</summary>
/// <param name="Content">The content to store; null when it is refused.</param>
/// <param name="Word">What was found; null when nothing was.</param>
internal readonly record struct ContentVerdict(string? Content, string? Word)
{
    public static ContentVerdict Pass(string content) => new(content, null);
}
