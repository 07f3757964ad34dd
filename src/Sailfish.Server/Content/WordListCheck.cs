using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Text;

namespace Sailfish.Server.Content;

/// <summary>
/// Looks for the words of a list, all at once, as people read them: whatever their case and width, with marks or characters
/// that nobody sees between, in letters that look alike.
/// </summary>
internal sealed class WordListCheck : IContentCheck
{
    /// <summary>Read in some microseconds.</summary>
    private const int QuickCharacters = 512;

    private readonly WordAutomaton _words;
    private readonly ContentAction _action;

    public WordListCheck(IOptions<ContentOptions> options)
    {
        _words = new WordAutomaton(options.Value.Words.Concat(ReadFile(options.Value.WordFile)).Select(w => w.Trim()).Select(w => (Folding.Instance.Read(w, Reading.Letters), w)));
        _action = options.Value.Action;
    }

    public bool PassesAll => _words.IsEmpty;

    public bool IsQuick(int characters) => PassesAll || characters <= QuickCharacters;

    public ValueTask<ContentVerdict> CheckAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult(Check(text));

    /// <summary>What reading a text takes, in steps of the automaton.</summary>
    internal int StepsOf(string text) => Read(text, Reading.Letters).Steps + Read(text, Reading.Shapes).Steps;

    private ContentVerdict Check(string text)
    {
        if (PassesAll)
            return ContentVerdict.Pass(text);
        var letters = Read(text, Reading.Letters);
        var shapes = Folding.HasShapes(text) ? Read(text, Reading.Shapes) : letters;
        if ((letters.Word ?? shapes.Word) is not { } word)
            return ContentVerdict.Pass(text);
        return new ContentVerdict(_action == ContentAction.Mask ? Mask(text, [.. letters.Places, .. shapes.Places]) : null, word);
    }

    private WordFinder Read(string text, Reading reading)
    {
        var finder = new WordFinder(_words, reading);
        finder.Read(text);
        return finder;
    }

    private static string Mask(string text, List<(int Start, int End)> places)
    {
        var masked = text.ToCharArray();
        foreach (var (start, end) in places)
            masked.AsSpan(start..end).Fill('*');
        return new string(masked);
    }

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
