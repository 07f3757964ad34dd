namespace Sailfish.Server.Text;

/// <summary>
/// Finds any of many words in one pass over a text, however many they are (Aho and Corasick, 1975). A state is the longest
/// end of what was read that begins a word; its own word, or the longest that ends there too, is known beforehand.
/// </summary>
internal sealed class WordAutomaton
{
    private readonly Dictionary<(int State, int Point), int> _next = [];
    private readonly List<int> _fallback = [0];

    /// <summary>By state: how many characters the longest word has that ends there; 0 for none.</summary>
    private readonly List<int> _length = [0];
    private readonly List<string> _word = [""];

    /// <param name="words">Folded, each with how it stands in the list. Of two that are folded alike the first is told.</param>
    public WordAutomaton(IEnumerable<(List<int> Folded, string Word)> words)
    {
        foreach (var (folded, word) in words.Where(w => w.Folded.Count > 0))
            Add(folded, word);
        Link();
    }

    public bool IsEmpty => _next.Count == 0;

    /// <summary>The length of the longest word.</summary>
    public int Longest { get; private set; }

    public int States => _fallback.Count;

    /// <summary>The state after one more character; <paramref name="steps"/> grows by what that took.</summary>
    public int Step(int state, int point, ref int steps)
    {
        int next;
        while (!_next.TryGetValue((state, point), out next) && state != 0)
        {
            state = _fallback[state];
            steps++;
        }

        steps++;
        return next;
    }

    /// <summary>The longest word that ends in a state; its length is 0 when there is none.</summary>
    public (int Length, string Word) EndingIn(int state) => (_length[state], _word[state]);

    private void Add(List<int> folded, string word)
    {
        var state = 0;
        foreach (var point in folded)
        {
            if (!_next.TryGetValue((state, point), out var next))
            {
                _next[(state, point)] = next = _fallback.Count;
                _fallback.Add(0);
                _length.Add(0);
                _word.Add("");
            }

            state = next;
        }

        if (_length[state] > 0)
            return;
        (_length[state], _word[state]) = (folded.Count, word);
        Longest = Math.Max(Longest, folded.Count);
    }

    /// <summary>States are numbered so that a child comes after its parent: but a fall-back is shorter, not earlier, so by depth.</summary>
    private void Link()
    {
        var steps = 0;
        foreach (var ((parent, point), state) in InOrderOfDepth())
        {
            if (parent != 0)
                _fallback[state] = Step(_fallback[parent], point, ref steps);
            if (_length[state] == 0)
                (_length[state], _word[state]) = EndingIn(_fallback[state]);
        }
    }

    private IEnumerable<KeyValuePair<(int Parent, int Point), int>> InOrderOfDepth()
    {
        var depth = new int[States];
        // A parent has a smaller number than its children: their depths are known in the order of numbers.
        var edges = _next.OrderBy(edge => edge.Value).ToList();
        foreach (var (edge, state) in edges)
            depth[state] = depth[edge.State] + 1;
        return edges.OrderBy(edge => depth[edge.Value]).Select(edge => KeyValuePair.Create((edge.Key.State, edge.Key.Point), edge.Value));
    }
}
