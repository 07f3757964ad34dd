using System.Text.Json.Serialization.Metadata;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Transports;

/// <summary>A frame to the server.</summary>
internal readonly record struct OutboundFrame(FrameCode Code, ReadOnlyMemory<byte> Body)
{
    private static readonly ReadOnlyMemory<byte> NoMembers = "{}"u8.ToArray();

    public static OutboundFrame Empty(FrameCode code) => new(code, NoMembers);

    public static OutboundFrame Of<T>(FrameCode code, T body, JsonTypeInfo<T> type) => new(code, BodyJson.ToBytes(body, type));
}
