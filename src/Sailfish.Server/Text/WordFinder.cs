namespace Sailfish.Server.Text;

/// <summary>One reading of one text: where words stand in it, in UTF-16 units of the text as it was given.</summary>
internal sealed class WordFinder(WordAutomaton words, Reading reading)
{
    /// <summary>Where the characters began that were read last: enough of them for the longest word.</summary>
    private readonly int[] _starts = new int[words.Longest];
    private int _state;
    private int _read;
    private int _steps;
    private int _wordStart;
    private int _wordLength;
    private int _lastLetter = -1;
    private bool _isAfterSmall;

    /// <summary>A letter or syllable of Hangul that may not be whole yet, and where it stands; 0 for none.</summary>
    private int _open;
    private int _openStart;
    private int _openEnd;

    /// <summary>Apart from each other, in order.</summary>
    public List<(int Start, int End)> Places { get; } = [];

    /// <summary>The first that stands in the text, the longest of those that begin there; null when there is none.</summary>
    public string? Word { get; private set; }

    /// <summary>What the automaton took, for the test that it is in proportion to the text.</summary>
    public int Steps => _steps;

    public void Read(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            var point = isPair ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i];
            var end = i + (isPair ? 2 : 1);
            if (char.IsLetter(text, i))
                _lastLetter = i;
            Take(point, i, end, text);
            i = end;
        }

        Close();
    }

    private void Take(int point, int start, int end, string text)
    {
        if (Folding.Instance.Several(point, reading) is { } several)
        {
            foreach (var part in several)
                Feed(part, start, end);
            if (several.Length == 0)
                Cover(start, end);
            return;
        }

        var folded = point == 'I' && reading == Reading.Shapes && IsSmall(text, end) ? 'l' : Folding.Simple(point, reading);
        if (folded == Folding.Nothing)
            Cover(start, end);
        else
            Feed(folded, start, end);
        if (char.IsAsciiLetter((char)Math.Min(point, char.MaxValue)) && point != 'I')
            _isAfterSmall = char.IsAsciiLetterLower((char)point);
    }

    /// <summary>Among small letters an I is taken for an l, among capitals it is not.</summary>
    private bool IsSmall(string text, int next) =>
        _isAfterSmall || (next < text.Length && char.IsAsciiLetterLower(text[next]));

    /// <summary>Syllables of Hangul are fed whole, also where their letters came one by one.</summary>
    private void Feed(int point, int start, int end)
    {
        if (_open != 0 && Normalization.ComposeHangul(_open, point) is { } syllable)
        {
            (_open, _openEnd) = (syllable, end);
            return;
        }

        Close();
        if (Normalization.MayGoOn(point))
            (_open, _openStart, _openEnd) = (point, start, end);
        else
            Step(point, start, end);
    }

    private void Close()
    {
        if (_open == 0)
            return;
        Step(_open, _openStart, _openEnd);
        _open = 0;
    }

    private void Step(int point, int start, int end)
    {
        _starts[_read++ % _starts.Length] = start;
        _state = words.Step(_state, point, ref _steps);
        var (length, word) = words.EndingIn(_state);
        if (length > 0)
            Note(_starts[(_read - length) % _starts.Length], end, length, word);
    }

    private void Note(int start, int end, int length, string word)
    {
        // 100 is not read as letters, though each of them could be.
        if (reading == Reading.Shapes && _lastLetter < start)
            return;
        if (Word is null || start < _wordStart || (start == _wordStart && length > _wordLength))
            (Word, _wordStart, _wordLength) = (word, start, length);
        while (Places.Count > 0 && Places[^1].End >= start)
        {
            start = Math.Min(start, Places[^1].Start);
            Places.RemoveAt(Places.Count - 1);
        }

        Places.Add((start, end));
    }

    /// <summary>What is not seen belongs to the word before it.</summary>
    private void Cover(int start, int end)
    {
        if (_open != 0)
            _openEnd = end;
        else if (Places.Count > 0 && Places[^1].End == start)
            Places[^1] = (Places[^1].Start, end);
    }
}
