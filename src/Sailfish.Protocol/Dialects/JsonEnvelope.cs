using System.Buffers;
using Sailfish.Protocol.Frames;

namespace Sailfish.Protocol.Dialects;

/// <summary>
/// The subprotocol <c>sailfish.json</c>: <c>{"code":1003,"body":{…}}</c>, members in any order, others ignored,
/// an absent body standing for <c>{}</c>.
/// </summary>
public static class JsonEnvelope
{
    /// <summary>Reads the frame in one message. The frame's body is a slice of <paramref name="message"/>.</summary>
    public static FrameReadStatus TryRead(ReadOnlyMemory<byte> message, out Frame frame) =>
        TextEnvelope.TryRead(message, allowStringBody: false, out frame);

    /// <summary>Writes one message around <paramref name="body"/>.</summary>
    public static void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body)
    {
        WriteStart(output, code);
        output.Write(body);
        output.Write("}"u8);
    }

    /// <summary>Writes what stands before the body; a <c>}</c> follows the body.</summary>
    internal static void WriteStart(IBufferWriter<byte> output, FrameCode code)
    {
        output.Write("{\"code\":"u8);
        Digits.Write(output, (int)code);
        output.Write(",\"body\":"u8);
    }
}
