namespace Sailfish.Server.Content;

/// <summary>Judges what users write before it is stored. A product may put its own in place of the word list.</summary>
internal interface IContentCheck
{
    /// <summary>Nothing is looked for: a text need not be put before it.</summary>
    bool PassesAll { get; }

    /// <summary>Whether texts of so many characters together are judged so fast that a thread of sockets' events may do it.</summary>
    bool IsQuick(int characters);

    ValueTask<ContentVerdict> CheckAsync(string text, CancellationToken cancellationToken);
}

/// <summary>What the check says.</summary>
/// <param name="Content">The text to store; null when it is refused.</param>
/// <param name="Word">What was found; null when nothing was.</param>
internal readonly record struct ContentVerdict(string? Content, string? Word)
{
    public static ContentVerdict Pass(string content) => new(content, null);
}
