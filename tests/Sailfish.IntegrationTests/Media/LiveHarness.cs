using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Media;

/// <summary>A VIP's room, and what is published to it and watched of it.</summary>
internal static class LiveHarness
{
    public static async Task<string> KeyAsync(this PageClient anchor, long room) => (await anchor.OkAsync("/living/stream", ("roomId", room))).Text("key");

    public static async Task<string> StateAsync(this PageClient anchor, long room) => (await anchor.OkAsync("/living/stream", ("roomId", room))).Text("state");

    public static Task UntilAsync(this PageClient anchor, long room, string state) =>
        Wait.UntilAsync(async () => await anchor.StateAsync(room) == state, $"the stream to be {state}");

    /// <summary>Publishes with the anchor's key until there is a picture.</summary>
    public static async Task<Encoder> PublishAsync(this PageClient anchor, long room, Programme? programme = null)
    {
        var encoder = Encoder.Start(Encoder.Address(anchor.Server, await anchor.KeyAsync(room)), programme);
        await Wait.UntilAsync(
            async () => encoder.HasExited ? throw new InvalidOperationException(await encoder.EndAsync()) : await anchor.StateAsync(room) == "live",
            "a picture");
        return encoder;
    }

    /// <summary>Where this user watches the room.</summary>
    public static async Task<string> StreamUrlAsync(this PageClient viewer, long room) => (await viewer.OkAsync("/living/anchorConfig", ("roomId", room))).Text("streamUrl");
}
