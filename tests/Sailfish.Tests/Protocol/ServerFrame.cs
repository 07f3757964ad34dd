using System.Buffers.Binary;
using System.Text.Json;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Tests.Protocol;

/// <summary>What a client reads of a server: written from the RFC and the contract, not with the library's own readers.</summary>
internal static class ServerFrame
{
    /// <summary>The payload of one unfragmented, unmasked WebSocket frame that fills <paramref name="bytes"/>.</summary>
    public static byte[] Payload(ReadOnlySpan<byte> bytes, WebSocketOpcode opcode)
    {
        Assert.Equal(0x80 | (int)opcode, bytes[0]);
        Assert.True(bytes[1] <= 127, "A server must not mask.");
        var (length, size) = bytes[1] switch
        {
            126 => (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), 4),
            127 => (checked((int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..])), 10),
            _ => ((int)bytes[1], 2),
        };
        // RFC 6455, section 5.2: the shortest way to write the length.
        Assert.Equal(length <= 125 ? 2 : length <= 65_535 ? 4 : 10, size);
        Assert.Equal(bytes.Length, size + length);
        return bytes[size..].ToArray();
    }

    /// <summary>The body in a legacy text message, whose shape must be the contract's to the letter.</summary>
    public static byte[] LegacyBody(ReadOnlyMemory<byte> text, FrameCode code)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        Assert.Equal(["body", "code", "len", "magic"], root.EnumerateObject().Select(member => member.Name));
        Assert.Equal((int)code, root.GetProperty("code").GetInt32());
        Assert.Equal(18673, root.GetProperty("magic").GetInt32());
        // GetSByte refuses what is not −128 to 127.
        byte[] body = [.. root.GetProperty("body").EnumerateArray().Select(value => unchecked((byte)value.GetSByte()))];
        Assert.Equal(body.Length, root.GetProperty("len").GetInt32());
        return body;
    }
}
