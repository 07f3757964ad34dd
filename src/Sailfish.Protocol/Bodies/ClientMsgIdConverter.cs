using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sailfish.Protocol.Bodies;

/// <summary>
/// Reads a clientMsgId that is no text, with half a surrogate pair in it, as an empty one, which is as bad: the rest of the
/// body is good, and the answer can say what is not.
/// </summary>
internal sealed class ClientMsgIdConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
