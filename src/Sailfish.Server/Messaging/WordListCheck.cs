using System.Buffers;
using Microsoft.Extensions.Options;
using Sailfish.Server.Configuration;

namespace Sailfish.Server.Messaging;

/// <summary>Looks for the words of a list, all at once, whatever their case.</summary>
internal sealed class WordListCheck : IContentCheck
{
    private readonly string[] _words;
    private readonly SearchValues<string> _search;
    private readonly ContentAction _action;

    public WordListCheck(IOptions<ContentOptions> options)
    {
        // Longest first: where several words begin at one place, the longest is meant.
        _words = [.. options.Value.Words.Concat(ReadFile(options.Value.WordFile))
            .Select(w => w.Trim()).Where(w => w.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(w => w.Length)];
        _search = SearchValues.Create(_words, StringComparison.OrdinalIgnoreCase);
        _action = options.Value.Action;
    }

    public ValueTask<ContentVerdict> CheckAsync(string content, CancellationToken cancellationToken)
    {
        var index = content.AsSpan().IndexOfAny(_search);
        if (index < 0)
            return ValueTask.FromResult(ContentVerdict.Pass(content));
        var word = WordAt(content, index);
        return ValueTask.FromResult(new ContentVerdict(_action == ContentAction.Mask ? Mask(content) : null, word));
    }

    private string Mask(string content)
    {
        var masked = content.ToCharArray();
        var at = 0;
        while (content.AsSpan(at).IndexOfAny(_search) is var found and >= 0)
        {
            at += found;
            var word = WordAt(content, at);
            masked.AsSpan(at, word.Length).Fill('*');
            at += word.Length;
        }

        return new string(masked);
    }

    private string WordAt(string content, int index) =>
        _words.First(word => content.AsSpan(index).StartsWith(word, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> ReadFile(string? path)
    {
        if (path is null)
            return [];
        try
        {
            return File.ReadAllLines(path).Select(line => line.Split('#')[0]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Sailfish:Content:WordFile cannot be read: {problem.Message}");
        }
    }
}
