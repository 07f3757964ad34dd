using System.Runtime.InteropServices;

namespace Sailfish.LoadTest.Net;

/// <summary>An array of <c>struct epoll_event</c>, which is packed to 12 bytes on x86-64 and takes 16 elsewhere.</summary>
internal sealed class EpollEvents
{
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = Stride - sizeof(long);

    private readonly byte[] _bytes;

    internal EpollEvents(int count)
    {
        Count = count;
        _bytes = new byte[count * Stride];
    }

    internal int Count { get; }

    internal ref byte First => ref _bytes[0];

    internal uint Flags(int index) => MemoryMarshal.Read<uint>(_bytes.AsSpan(index * Stride));

    internal int Data(int index) => (int)MemoryMarshal.Read<long>(_bytes.AsSpan((index * Stride) + DataOffset));

    internal void Set(int index, uint flags, int data)
    {
        MemoryMarshal.Write(_bytes.AsSpan(index * Stride), flags);
        MemoryMarshal.Write(_bytes.AsSpan((index * Stride) + DataOffset), (long)data);
    }
}
