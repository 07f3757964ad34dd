using System.Text;
using BenchmarkDotNet.Attributes;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;

namespace Sailfish.Benchmarks;

/// <summary>What clients write on WebSockets.</summary>
[MemoryDiagnoser]
public class EnvelopeBenchmarks
{
    private readonly byte[] _json = Encoding.ASCII.GetBytes(
        "{\"code\":1003,\"body\":{\"bizCode\":5555,\"clientMsgId\":\"00000001\",\"data\":\"{\\\"roomId\\\":1001,\\\"content\\\":\\\"xxxxxxxxxxxxxxxxxxxx\\\"}\"}}");

    private readonly byte[] _legacy = Encoding.ASCII.GetBytes(
        "{\"magic\":18673,\"code\":1003,\"len\":100,\"body\":\"{\\\"bizCode\\\":5555,\\\"data\\\":\\\"{\\\\\\\"roomId\\\\\\\":1001,\\\\\\\"content\\\\\\\":\\\\\\\"xxxxxxxx\\\\\\\"}\\\"}\"}");

    [Benchmark]
    public FrameReadStatus ReadJson() => Expect(JsonEnvelope.TryRead(_json, out _));

    [Benchmark]
    public FrameReadStatus ReadLegacy() => Expect(LegacyEnvelope.TryRead(_legacy, out _));

    /// <summary>A sample that is refused would be a fast one.</summary>
    private static FrameReadStatus Expect(FrameReadStatus status) =>
        status == FrameReadStatus.Frame ? status : throw new InvalidOperationException($"The sample is no frame: {status}");
}
