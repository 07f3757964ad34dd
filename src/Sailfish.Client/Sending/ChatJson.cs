using System.Text.Json;
using System.Text.Json.Serialization;
using Sailfish.Protocol.Bodies;

namespace Sailfish.Client.Sending;

/// <summary>Chat data to and from JSON; other languages' letters are written as themselves.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(ChatData))]
internal sealed partial class ChatJson : JsonSerializerContext
{
    public static string Write(ChatData data) => JsonSerializer.Serialize(data, Wire.Instance.ChatData);

    /// <summary>Reads what is there; other handlers' data may be anything, and is empty here then.</summary>
    public static ChatData Read(string? data)
    {
        try
        {
            return JsonSerializer.Deserialize(data ?? "{}", Wire.Instance.ChatData) ?? new ChatData();
        }
        catch (JsonException)
        {
            return new ChatData();
        }
    }

    /// <summary>A class of its own, so that it is made after the generated parts.</summary>
    private static class Wire
    {
        internal static readonly ChatJson Instance = new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
        {
            Encoder = PlainJsonEncoder.Instance,
        });
    }
}
