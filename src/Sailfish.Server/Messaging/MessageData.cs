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
    /// <summary>Members that only the server writes, whatever the sender wrote there.</summary>
    private static readonly HashSet<string> Stamped =
        ["userId", "senderId", "objectId", "roomId", "senderName", "senderAvatar", "createTime", "content"];

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = PlainJsonEncoder.Instance };

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
    public string? Content => Text("content");

    public string? SenderName => Text("senderName");

    public string? SenderAvatar => Text("senderAvatar");

    /// <summary>The user to send to: null when absent, 0 when it is no id.</summary>
    public long? ObjectId => Id("objectId");

    /// <summary>The room to send to: null when absent, 0 when it is no id.</summary>
    public long? RoomId => Id("roomId");

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
        if (given > maxBytes && _root.TryGetProperty("content", out var content))
            given -= JsonMarshal.GetRawUtf8Value(content).Length;
        return given <= maxBytes || CountExtra() <= maxBytes;
    }

    /// <summary>The strings that may be shown beside <c>content</c> and the sender's name, at any depth.</summary>
    public IEnumerable<string> ShownStrings()
    {
        foreach (var member in _root.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Object or JsonValueKind.Array && !Stamped.Contains(member.Name))
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
        var output = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(output, WriterOptions))
        {
            writer.WriteStartObject();
            if (stamp.Content is not null)
                writer.WriteString("content", stamp.Content);
            else if (_root.TryGetProperty("content", out var content))
                Write(writer, "content", content);
            foreach (var member in _root.EnumerateObject().Where(m => !Stamped.Contains(m.Name)))
                Write(writer, member.Name, member.Value, stamp.Masked);
            writer.WriteNumber("userId", stamp.SenderId);
            if (stamp.Conversation.IsRoom)
            {
                writer.WriteNumber("roomId", stamp.Conversation.Low);
            }
            else
            {
                writer.WriteNumber("senderId", stamp.SenderId);
                writer.WriteNumber("objectId", stamp.Conversation.Peer(stamp.SenderId));
            }

            if (stamp.SenderName is not null)
                writer.WriteString("senderName", stamp.SenderName);
            if (stamp.SenderAvatar is not null)
                writer.WriteString("senderAvatar", stamp.SenderAvatar);
            writer.WriteNumber("createTime", time);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private long CountExtra()
    {
        using var writer = new Utf8JsonWriter(Stream.Null, WriterOptions);
        writer.WriteStartObject();
        foreach (var member in _root.EnumerateObject().Where(m => m.Name != "content"))
            Write(writer, member.Name, member.Value);
        writer.WriteEndObject();
        return writer.BytesCommitted + writer.BytesPending;
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value, IReadOnlyDictionary<string, string>? masked = null)
    {
        writer.WritePropertyName(name);
        if (masked is null)
            value.WriteTo(writer);
        else
            WriteMasked(writer, value, masked);
    }

    private static void WriteMasked(Utf8JsonWriter writer, JsonElement value, IReadOnlyDictionary<string, string> masked)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                    Write(writer, member.Name, member.Value, masked);
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

    private string? Text(string name)
    {
        return _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private long? Id(string name)
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
