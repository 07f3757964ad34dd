namespace Sailfish.Tests.Media;

/// <summary>Bytes as a socket may bring them.</summary>
internal static class Pieces
{
    /// <summary>Pieces of the given lengths, over and over until the bytes are used up.</summary>
    public static byte[][] Of(byte[] bytes, IReadOnlyList<int> lengths)
    {
        List<byte[]> pieces = [];
        for (var (at, round) = (0, 0); at < bytes.Length; round++)
        {
            // A run of zeros alone would never get on.
            var length = Math.Min(lengths[round % lengths.Count] + (round / lengths.Count), bytes.Length - at);
            pieces.Add(bytes[at..(at + length)]);
            at += length;
        }

        return [.. pieces];
    }
}
