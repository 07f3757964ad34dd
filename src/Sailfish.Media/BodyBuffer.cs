using System.Buffers;

namespace Sailfish.Media;

/// <summary>
/// A body under way. Its memory grows with the bytes that came, never with the length that was declared: who declares much and
/// sends nothing costs nothing. It is kept for the next body, so that in the long run a body costs its own bytes alone.
/// </summary>
internal sealed class BodyBuffer
{
    /// <summary>Bytes to begin with: a frame of sound fits.</summary>
    private const int FirstBytes = 1024;

    private byte[] _bytes = [];
    private byte[]? _whole;
    private int _length;
    private int _filled;

    /// <summary>Bytes that are held.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Bytes that the body still lacks.</summary>
    public int Missing => _length - _filled;

    /// <summary>Begins a body of <paramref name="length"/> bytes; what there was of another is forgotten.</summary>
    public void Begin(int length)
    {
        _length = length;
        _filled = 0;
    }

    /// <summary>By how much <see cref="Capacity"/> grows when <paramref name="count"/> more bytes are added.</summary>
    public int GrowthFor(int count) => IsWhole(count) ? 0 : CapacityFor(count) - _bytes.Length;

    /// <summary>Adds bytes, <see cref="Missing"/> at most.</summary>
    public void Add(in ReadOnlySequence<byte> bytes)
    {
        var count = (int)bytes.Length;
        if (IsWhole(count))
            _whole = bytes.ToArray();
        else
            Append(bytes, count);
        _filled += count;
    }

    /// <summary>The body that nothing is missing of, in memory of its own.</summary>
    public byte[] Take()
    {
        var body = _whole ?? _bytes.AsSpan(0, _length).ToArray();
        _whole = null;
        Begin(0);
        return body;
    }

    /// <summary>Lets go of the memory; only between two bodies.</summary>
    public void Release() => _bytes = [];

    /// <summary>What comes in one piece needs no place to wait in.</summary>
    private bool IsWhole(int count) => _filled == 0 && count == _length;

    private int CapacityFor(int count)
    {
        var needed = _filled + count;
        return needed <= _bytes.Length ? _bytes.Length : Math.Min(_length, Math.Max(needed, Math.Max(FirstBytes, 2 * _bytes.Length)));
    }

    private void Append(in ReadOnlySequence<byte> bytes, int count)
    {
        var capacity = CapacityFor(count);
        if (capacity > _bytes.Length)
            Array.Resize(ref _bytes, capacity);
        bytes.CopyTo(_bytes.AsSpan(_filled));
    }
}
