using System.Buffers;

namespace Sailfish.Media;

/// <summary>The first bytes of an input whose segments end anywhere.</summary>
internal static class SequenceFront
{
    /// <summary>
    /// As many bytes as are there, <paramref name="scratch"/>'s length at most: where they stand, if they stand in one piece, or
    /// else copied to <paramref name="scratch"/>.
    /// </summary>
    public static ReadOnlySpan<byte> Of(in ReadOnlySequence<byte> input, Span<byte> scratch)
    {
        var count = (int)Math.Min(input.Length, scratch.Length);
        if (input.FirstSpan.Length >= count)
            return input.FirstSpan[..count];
        input.Slice(0, count).CopyTo(scratch);
        return scratch[..count];
    }
}
