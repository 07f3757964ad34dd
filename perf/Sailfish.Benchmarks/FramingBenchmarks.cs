using System.Buffers;
using BenchmarkDotNet.Attributes;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Benchmarks;

/// <summary>Splitting what a socket brought into frames, and writing frames. One operation is one frame.</summary>
[MemoryDiagnoser]
public class FramingBenchmarks
{
    private const int Frames = 64;

    private readonly ArrayBufferWriter<byte> _output = new(128 * 1024);
    private byte[] _body = [];
    private byte[] _masked = [];
    private ReadOnlySequence<byte> _whole;
    private ReadOnlySequence<byte> _split;

    /// <summary>Bytes of a body.</summary>
    [Params(118, 4000)]
    public int Body { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _body = [.. "{\"data\":\""u8, .. Enumerable.Repeat((byte)'x', Body - 11), .. "\"}"u8];
        _masked = [.. _body];
        for (var i = 0; i < Frames; i++)
            BinaryFrame.Write(_output, FrameCode.Message, _body);
        var bytes = _output.WrittenSpan.ToArray();
        _whole = new ReadOnlySequence<byte>(bytes);
        _split = Segment.Split(bytes, 4096);
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public int ReadBinary() => Read(_whole);

    [Benchmark(OperationsPerInvoke = Frames)]
    public int ReadBinaryFromSegments() => Read(_split);

    [Benchmark(OperationsPerInvoke = Frames)]
    public int WriteBinary()
    {
        _output.ResetWrittenCount();
        for (var i = 0; i < Frames; i++)
            BinaryFrame.Write(_output, FrameCode.Message, _body);
        return _output.WrittenCount;
    }

    [Benchmark]
    public byte UnmaskWebSocket()
    {
        WebSocketFrame.Unmask(_masked, 0x5AA53CC3);
        return _masked[0];
    }

    private static int Read(ReadOnlySequence<byte> input)
    {
        var bytes = 0;
        while (BinaryFrame.TryRead(ref input, BinaryFrame.DefaultMaxBody, out var frame) == FrameReadStatus.Frame)
            bytes += (int)frame.Body.Length;
        return bytes;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        internal static ReadOnlySequence<byte> Split(byte[] bytes, int size)
        {
            var first = new Segment { Memory = bytes.AsMemory(0, Math.Min(size, bytes.Length)) };
            var last = first;
            for (var start = size; start < bytes.Length; start += size)
            {
                var next = new Segment { Memory = bytes.AsMemory(start, Math.Min(size, bytes.Length - start)), RunningIndex = start };
                last.Next = next;
                last = next;
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
