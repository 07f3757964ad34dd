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
            var root = JsonElement.Parse(data);
            return root.ValueKind == JsonValueKind.Object && IsUnicode(data, root) ? new MessageData(root) : null;
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            // ArgumentException: a lone surrogate, which is no Unicode text.
            return null;
        }
    }

    /// <summary>
    /// Whether every escape is text. JSON's grammar allows <c>\ud800</c>, half a character, and the parser passes it; it
    /// only fails when it is read or written.
    /// </summary>
    private static bool IsUnicode(string data, JsonElement root)
    {
        if (!data.Contains('\\') || !data.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
            return true;
        try
        {
            using var writer = new Utf8JsonWriter(Stream.Null);
            root.WriteTo(writer);
            return true;
        }
        catch (Exception half) when (half is InvalidOperationException or ArgumentException)
        {
            return false;
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
