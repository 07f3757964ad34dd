using System.Text.Json;
using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Client;

/// <summary>A frame that the client sent.</summary>
internal sealed record FakeFrame(FrameCode Code, JsonElement Body)
{
    public string? Text(string name) => Body.TryGetProperty(name, out var value) ? value.GetString() : null;

    public long? Number(string name) => Body.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    public string Content => JsonDocument.Parse(Text("data")!).RootElement.GetProperty("content").GetString()!;

    /// <summary>Of a SYNC: where it begins; null for the pull of offline messages.</summary>
    public Dictionary<string, long>? After =>
        Body.TryGetProperty("after", out var after) ? after.Deserialize<Dictionary<string, long>>() : null;
}
