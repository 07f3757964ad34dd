using System.Buffers;

namespace Sailfish.Tests.Protocol;

/// <summary>Sequences of several segments, as a pipe hands them out.</summary>
internal static class Sequences
{
    /// <summary>A sequence with one segment a part; empty parts stay as empty segments.</summary>
    public static ReadOnlySequence<byte> Of(params IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        if (parts.Count == 0)
            return ReadOnlySequence<byte>.Empty;
        var first = new Segment(parts[0], null);
        var last = first;
        for (var i = 1; i < parts.Count; i++)
            last = new Segment(parts[i], last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>One segment a byte.</summary>
    public static ReadOnlySequence<byte> ByteByByte(ReadOnlyMemory<byte> bytes) =>
        Of([.. Enumerable.Range(0, bytes.Length).Select(i => bytes.Slice(i, 1))]);

    /// <summary>Two segments, cut at every place, both ends included.</summary>
    public static IEnumerable<ReadOnlySequence<byte>> EveryCut(ReadOnlyMemory<byte> bytes) =>
        Enumerable.Range(0, bytes.Length + 1).Select(at => Of(bytes[..at], bytes[at..]));

    /// <summary>Segments of the given lengths, over and over until the bytes are used up.</summary>
    public static ReadOnlySequence<byte> InLengths(ReadOnlyMemory<byte> bytes, params IReadOnlyList<int> lengths)
    {
        List<ReadOnlyMemory<byte>> parts = [];
        for (var i = 0; bytes.Length > 0; i++)
        {
            // A run of zeros alone would never get on.
            var length = Math.Min(lengths[i % lengths.Count] + (i / lengths.Count), bytes.Length);
            parts.Add(bytes[..length]);
            bytes = bytes[length..];
        }

        return Of(parts);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
