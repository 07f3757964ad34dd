using System.Buffers;
using Sailfish.Protocol.Frames;

namespace Sailfish.Protocol.Dialects;

/// <summary>
/// The seed's WebSocket text. In: <c>{"magic":…,"code":…,"len":…,"body":"…"}</c>, magic and len not looked at.
/// Out: <c>{"body":[signed bytes],"code":…,"len":…,"magic":18673}</c>, as the seed's JSON writer prints a
/// Java <c>byte[]</c>.
/// </summary>
public static class LegacyEnvelope
{
    /// <summary>Reads the frame in one message. A body that is a string is unescaped into bytes of its own.</summary>
    public static FrameReadStatus TryRead(ReadOnlyMemory<byte> message, out Frame frame) =>
        TextEnvelope.TryRead(message, allowStringBody: true, out frame);

    /// <summary>Writes one message around <paramref name="body"/>.</summary>
    public static void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body)
    {
        output.Write("{\"body\":["u8);
        WriteSigned(output, body);
        output.Write("],\"code\":"u8);
        Digits.Write(output, (int)code);
        output.Write(",\"len\":"u8);
        Digits.Write(output, body.Length);
        output.Write(",\"magic\":18673}"u8);
    }

    /// <summary>Writes bytes as −128…127 with commas between.</summary>
    internal static void WriteSigned(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i > 0)
                output.Write(","u8);
            Digits.Write(output, (sbyte)bytes[i]);
        }
    }
}
