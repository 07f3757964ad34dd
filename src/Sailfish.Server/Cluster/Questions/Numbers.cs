using System.Buffers.Binary;

namespace Sailfish.Server.Cluster.Questions;

/// <summary>An answer that is numbers: i64, one after the other.</summary>
internal static class Numbers
{
    public static ReadOnlyMemory<byte> ToBytes(params ReadOnlySpan<long> numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(long)];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * sizeof(long)), numbers[i]);
        return bytes;
    }

    public static ReadOnlyMemory<byte> ToBytes(bool isTrue) => ToBytes(isTrue ? 1 : 0);

    public static long[] Read(ReadOnlySpan<byte> bytes)
    {
        var numbers = new long[bytes.Length / sizeof(long)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadInt64BigEndian(bytes[(i * sizeof(long))..]);
        return numbers;
    }

    /// <summary>Whether it says yes; what says nothing says no.</summary>
    public static bool IsYes(ReadOnlySpan<byte> bytes) => Read(bytes) is [not 0, ..];
}
