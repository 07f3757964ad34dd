using System.Buffers;
using BenchmarkDotNet.Attributes;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;

namespace Sailfish.Benchmarks;

/// <summary>What a message costs once a dialect, and what of it is left for each receiver.</summary>
[MemoryDiagnoser]
public class DialectBenchmarks
{
    private readonly byte[] _slot = new byte[ReceiverSlot.LegacyWidth];
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private byte[] _receipt = [];
    private byte[] _copy = [];
    private EncodedMessage _encoded = new([], 0);

    [ParamsAllValues]
    public Dialect Dialect { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _encoded = MessageEncoder.Encode(SampleMessage.Body, Dialect, protocol: 2);
        _copy = new byte[_encoded.Bytes.Length];
        _receipt = BodyJson.ToBytes(
            new ReceiptBody { ClientMsgId = "00000001", MsgId = "1-1000", Conversation = "r:1001", Seq = 1000, Time = 1_790_000_000_000 },
            BodyJson.Wire.ReceiptBody);
    }

    [Benchmark]
    public EncodedMessage EncodeMessage() => MessageEncoder.Encode(SampleMessage.Body, Dialect, protocol: 2);

    /// <summary>The whole cost of one more receiver, but for the socket.</summary>
    [Benchmark]
    public byte CopyForReceiver()
    {
        _encoded.Bytes.CopyTo(_copy, 0);
        var slot = _slot.AsSpan(0, ReceiverSlot.WidthIn(Dialect));
        ReceiverSlot.Write(slot, Dialect, SampleMessage.Receiver);
        slot.CopyTo(_copy.AsSpan(_encoded.SlotOffset));
        return _copy[^1];
    }

    [Benchmark]
    public int WriteReceipt()
    {
        _output.ResetWrittenCount();
        FrameEncoder.Write(_output, Dialect, FrameCode.Receipt, _receipt);
        return _output.WrittenCount;
    }
}
