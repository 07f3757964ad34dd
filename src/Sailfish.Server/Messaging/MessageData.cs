using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sailfish.Protocol;
using Sailfish.Protocol.Bodies;
using Sailfish.Server.Conversations;

namespace Sailfish.Server.Messaging;

/// <summary>The JSON object inside a message's <c>data</c>: read with suspicion, written with the server's own stamps.</summary>
internal sealed class MessageData
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = PlainJsonEncoder.Instance };

    /// <summary>A buffer that grew beyond this is let go; nearly all that is said is smaller.</summary>
    private const int MaxKept = 16_384;

    /// <summary>The thread's own, for one message after the other: a writer and its buffer weigh more than what they write.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _output;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    private readonly JsonElement _root;

    private MessageData(JsonElement root, bool hasNul)
    {
        _root = root;
        HasNul = hasNul;
    }

    /// <summary>The object as it was given.</summary>
    public string Raw => _root.GetRawText();

    /// <summary>Bytes of it as it was given.</summary>
    public int Length => JsonMarshal.GetRawUtf8Value(_root).Length;

    /// <summary>A string or a name, at whatever depth, holds U+0000: it must not be stored.</summary>
    public bool HasNul { get; }

    /// <summary>The text; null when it is absent or no string.</summary>
    public string? Content => Text("content"u8);

    public string? SenderName => Text("senderName"u8);

    public string? SenderAvatar => Text("senderAvatar"u8);

    /// <summary>The user to send to: null when absent, 0 when it is no id.</summary>
    public long? ObjectId => Id("objectId"u8);

    /// <summary>The room to send to: null when absent, 0 when it is no id.</summary>
    public long? RoomId => Id("roomId"u8);

    /// <summary>Null when <paramref name="data"/> is not a JSON object.</summary>
    public static MessageData? Parse(string? data)
    {
        if (data is null)
            return null;
        try
        {
            var root = JsonElement.Parse(data);
            return root.ValueKind == JsonValueKind.Object ? new MessageData(root, FindNul(data)) : null;
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException or InvalidOperationException)
        {
            // The last two: a lone surrogate, as it is or escaped, which is no Unicode text.
            return null;
        }
    }

    /// <summary>
    /// Looks into escapes, where there are such. Throws for <c>\ud800</c>, half a character, which JSON's grammar allows and
    /// the parser passes.
    /// </summary>
    private static bool FindNul(string data)
    {
        if (!data.Contains('\\'))
            return false;
        if (!data.Contains("\\ud", StringComparison.OrdinalIgnoreCase) && !data.Contains("\\u0000", StringComparison.Ordinal))
            return false;
        var found = false;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(data));
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                found |= reader.GetString()!.Contains('\0');
        }

        return found;
    }

    /// <summary>
    /// Whether what stands beside <c>content</c> takes at most so many bytes of UTF-8, written without white space and
    /// needless escapes. That is written only where the text as it came is larger.
    /// </summary>
    public bool HasExtraOfAtMost(int maxBytes)
    {
        var given = Length;
        if (given > maxBytes && _root.TryGetProperty("content"u8, out var content))
            given -= JsonMarshal.GetRawUtf8Value(content).Length;
        return given <= maxBytes || CountExtra() <= maxBytes;
    }

    /// <summary>The strings that may be shown beside <c>content</c> and the sender's name, at any depth.</summary>
    public IEnumerable<string> ShownStrings()
    {
        foreach (var member in _root.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Object or JsonValueKind.Array && !IsStamped(member))
            {
                foreach (var text in StringsIn(member.Value))
                    yield return text;
            }
        }
    }

    /// <summary>The sender's object with the stamps in place of whatever it claimed.</summary>
    /// <param name="stamp">What is written.</param>
    /// <param name="time">When it is said, in milliseconds since 1970.</param>
    public string Stamp(in MessageStamp stamp, long time)
    {
        var output = _output is { Capacity: <= MaxKept } kept ? kept : _output = new ArrayBufferWriter<byte>(1024);
        output.ResetWrittenCount();
        var writer = _writer ??= new Utf8JsonWriter(output, WriterOptions);
        writer.Reset(output);
        Write(writer, stamp, time);
        writer.Flush();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Whether only the server writes the member, whatever the sender wrote there.</summary>
    private static bool IsStamped(JsonProperty member) =>
        member.NameEquals("content"u8) || member.NameEquals("objectId"u8) || member.NameEquals("roomId"u8) || member.NameEquals("userId"u8)
        || member.NameEquals("senderId"u8) || member.NameEquals("senderName"u8) || member.NameEquals("senderAvatar"u8)
        || member.NameEquals("createTime"u8);

    private void Write(Utf8JsonWriter writer, in MessageStamp stamp, long time)
    {
        writer.WriteStartObject();
        if (stamp.Content is not null)
        {
            writer.WriteString("content"u8, stamp.Content);
        }
        else if (_root.TryGetProperty("content"u8, out var content))
        {
            writer.WritePropertyName("content"u8);
            content.WriteTo(writer);
        }

        foreach (var member in _root.EnumerateObject())
        {
            if (!IsStamped(member))
                Write(writer, member, stamp.Masked);
        }

        writer.WriteNumber("userId"u8, stamp.SenderId);
        if (stamp.Conversation.IsRoom)
        {
            writer.WriteNumber("roomId"u8, stamp.Conversation.Low);
        }
        else
        {
            writer.WriteNumber("senderId"u8, stamp.SenderId);
            writer.WriteNumber("objectId"u8, stamp.Conversation.Peer(stamp.SenderId));
        }

        if (stamp.SenderName is not null)
            writer.WriteString("senderName"u8, stamp.SenderName);
        if (stamp.SenderAvatar is not null)
            writer.WriteString("senderAvatar"u8, stamp.SenderAvatar);
        writer.WriteNumber("createTime"u8, time);
        writer.WriteEndObject();
    }

    private long CountExtra()
    {
        using var writer = new Utf8JsonWriter(Stream.Null, WriterOptions);
        writer.WriteStartObject();
        foreach (var member in _root.EnumerateObject())
        {
            if (!member.NameEquals("content"u8))
                member.WriteTo(writer);
        }

        writer.WriteEndObject();
        return writer.BytesCommitted + writer.BytesPending;
    }

    private static void Write(Utf8JsonWriter writer, JsonProperty member, IReadOnlyDictionary<string, string>? masked)
    {
        if (masked is null)
        {
            member.WriteTo(writer);
            return;
        }

        writer.WritePropertyName(member.Name);
        WriteMasked(writer, member.Value, masked);
    }

    private static void WriteMasked(Utf8JsonWriter writer, JsonElement value, IReadOnlyDictionary<string, string> masked)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                    Write(writer, member, masked);
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    WriteMasked(writer, item, masked);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String when masked.TryGetValue(value.GetString()!, out var text):
                writer.WriteStringValue(text);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static IEnumerable<string> StringsIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => StringsIn(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(StringsIn),
        _ => [],
    };

    private string? Text(ReadOnlySpan<byte> name) =>
        _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private long? Id(ReadOnlySpan<byte> name)
    {
        if (!_root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var id) => id,
            JsonValueKind.String when Ids.TryParse(Text(name), out var id) => id,
            _ => 0,
        };
    }
}

/// <summary>What the server writes into a message's data, beside the time.</summary>
/// <param name="Conversation">Where it goes.</param>
/// <param name="SenderId">Who says it.</param>
/// <param name="Content">The text; null for the sender's own.</param>
/// <param name="SenderName">Null for none.</param>
/// <param name="SenderAvatar">Null for none.</param>
/// <param name="Masked">What to write in the place of other strings; null for nothing.</param>
internal readonly record struct MessageStamp(
    ConversationKey Conversation,
    long SenderId,
    string? Content,
    string? SenderName,
    string? SenderAvatar,
    IReadOnlyDictionary<string, string>? Masked = null);
