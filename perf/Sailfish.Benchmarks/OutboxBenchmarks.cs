using BenchmarkDotNet.Attributes;
using Sailfish.Protocol.Dialects;
using Sailfish.Server.Sessions;

namespace Sailfish.Benchmarks;

/// <summary>Handing finished bytes to a socket that takes them at once.</summary>
[MemoryDiagnoser]
public class OutboxBenchmarks
{
    private byte[] _frame = [];
    private Outbox? _outbox;

    /// <summary>Bytes of the frame.</summary>
    [Params(261, 8192)]
    public int Frame { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _frame = new byte[Frame];
        _outbox = SilentSessions.Of(SampleMessage.Receiver, Dialect.Binary).Connection.Outbox;
    }

    [Benchmark]
    public int Send()
    {
        _outbox!.Send(_frame);
        return _outbox.WaitingBytes;
    }
}
