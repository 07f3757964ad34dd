using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Transports;

/// <summary>A frame from the server, with bytes of its own.</summary>
internal readonly record struct InboundFrame(FrameCode Code, byte[] Body)
{
    /// <summary>Reads the body; a body that is not of the type's shape is the server's fault.</summary>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class =>
        BodyJson.TryRead(new ReadOnlySequence<byte>(Body), type, out var value)
            ? value
            : throw new SailfishException(ClientErrors.BadPeer, $"the server sent a body that is no {typeof(T).Name}");
}
