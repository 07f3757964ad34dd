namespace Sailfish.Cli.Local;

/// <summary>What a program said last, for when it fails.</summary>
internal sealed class LastLines
{
    private const int Most = 5;
    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        lock (_lines)
        {
            if (_lines.Count == Most)
                _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    public override string ToString()
    {
        lock (_lines)
            return string.Join("; ", _lines);
    }
}
