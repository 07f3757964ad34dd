using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sailfish.Protocol;

namespace Sailfish.Server.Messaging;

/// <summary>The JSON object inside a message's <c>data</c>: read with suspicion, written with the server's own stamps.</summary>
internal sealed class MessageData
{
    /// <summary>Members that only the server writes, whatever the sender wrote there.</summary>
    private static readonly HashSet<string> Stamped =
        ["userId", "senderId", "objectId", "roomId", "senderName", "senderAvatar", "createTime", "content"];

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonElement _root;

    private MessageData(JsonElement root)
    {
        _root = root;
    }

    /// <summary>The object as it was given.</summary>
    public string Raw => _root.GetRawText();

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
            using var document = JsonDocument.Parse(data);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            // The parser looks at escapes only when a string is asked for; writing such a string again would fail.
            if (data.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
                ReadStrings(document.RootElement);
            return new MessageData(document.RootElement.Clone());
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException or InvalidOperationException)
        {
            // The last two: half a surrogate pair, as it is or as an escape, which is no Unicode text.
            return null;
        }
    }

    /// <summary>The sender's object with the stamps in place of whatever it claimed.</summary>
    public string Stamp(MessageStamp stamp)
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
                Write(writer, member.Name, member.Value);
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
            writer.WriteNumber("createTime", stamp.Time);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void ReadStrings(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            _ = element.GetString();
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                ReadStrings(item);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                _ = member.Name;
                ReadStrings(member.Value);
            }
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

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

/// <summary>What the server writes into a message's data.</summary>
internal readonly record struct MessageStamp(
    ConversationKey Conversation,
    long SenderId,
    string? Content,
    string? SenderName,
    string? SenderAvatar,
    long Time);
