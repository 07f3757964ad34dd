using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace Sailfish.Protocol.Bodies;

/// <summary>
/// Bodies to and from UTF-8 JSON. Ids are taken as number or string and written as numbers; unknown members are ignored.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(SessionReply))]
[JsonSerializable(typeof(MessageBody))]
[JsonSerializable(typeof(AckBody))]
[JsonSerializable(typeof(ReceiptBody))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(SyncRequest))]
[JsonSerializable(typeof(SyncReply))]
[JsonSerializable(typeof(RoomRequest))]
[JsonSerializable(typeof(RoomReply))]
[JsonSerializable(typeof(ByeBody))]
[JsonSerializable(typeof(RoomStateData))]
public sealed partial class BodyJson : JsonSerializerContext
{
    /// <summary>
    /// The context to use: quotes inside <c>data</c> are written <c>\"</c> and every other language's letters and emoji as
    /// themselves (<see cref="PlainJsonEncoder"/>). These bytes go over a socket, never into a page.
    /// </summary>
    public static BodyJson Wire => WireContext.Instance;

    /// <summary>The bytes of a body.</summary>
    public static byte[] ToBytes<T>(T body, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(body, type);

    /// <summary>Reads a body; false when the bytes are not JSON of the type's shape.</summary>
    public static bool TryRead<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value)
        where T : class
    {
        value = null;
        if (!IsUtf8(body))
            return false;
        try
        {
            var reader = new Utf8JsonReader(body);
            value = JsonSerializer.Deserialize(ref reader, type);
            // Anything but white space after the object makes the body something else than a JSON object.
            if (value is not null && !reader.Read())
                return true;
        }
        catch (JsonException)
        {
            // Not JSON, too deep, or a member of another type: the caller answers the peer.
        }
        catch (InvalidOperationException)
        {
            // A string with unpaired surrogates or bytes that are not UTF-8.
        }

        value = null;
        return false;
    }

    /// <summary>Whether the bytes are one JSON object in UTF-8 and nothing else, whatever its members.</summary>
    public static bool IsObject(ReadOnlySequence<byte> body)
    {
        if (!IsUtf8(body))
            return false;
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The reader looks into strings only when they are asked for: their encoding is checked apart.</summary>
    private static bool IsUtf8(ReadOnlySequence<byte> body) => Utf8.IsValid(body.IsSingleSegment ? body.FirstSpan : body.ToArray());

    /// <summary>A class of its own, so that it is made after the generated parts of <see cref="BodyJson"/>.</summary>
    private static class WireContext
    {
        internal static readonly BodyJson Instance = new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
        {
            Encoder = PlainJsonEncoder.Instance,
        });
    }
}
