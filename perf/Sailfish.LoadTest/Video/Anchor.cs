using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Video;

/// <summary>A VIP and its open room, made by the calls of the page and of the API (docs/protocol.md, sections 6 and 7).</summary>
internal static class Anchor
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);

    /// <summary>Makes both; where the room's stream is published and watched.</summary>
    internal static VideoTarget OpenRoom(ServerPorts ports, App app, Watch watch)
    {
        // Its handler keeps the cookie of the account.
        using var page = new HttpClient { BaseAddress = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", ports.Http).Uri, Timeout = CallLimit };
        var user = Call(page, "account/register", ("name", "anchor"), ("password", "correct horse")).GetProperty("userId").GetInt64();
        GiveTag(page, app, user);
        var room = Call(page, "living/startingLiving", ("type", "1")).GetProperty("roomId").GetInt64();
        var number = room.ToString(CultureInfo.InvariantCulture);
        var key = Call(page, "living/stream", ("roomId", number)).GetProperty("key").GetString()!;
        return new VideoTarget(VideoProgram.Rtmp, ports.Rtmp, key, watch == Watch.Http ? ports.Http : ports.WebSocket, $"/live/{number}.flv");
    }

    private static JsonElement Call(HttpClient page, string path, params (string Name, string Value)[] input)
    {
        using var form = new FormUrlEncodedContent(input.Select(i => KeyValuePair.Create(i.Name, i.Value)));
        using var answer = page.PostAsync(path, form).GetAwaiter().GetResult();
        var envelope = answer.Content.ReadFromJsonAsync<JsonElement>().GetAwaiter().GetResult();
        return envelope.GetProperty("code").GetInt32() == 200 ? envelope.GetProperty("data") : throw new LoadTestException($"{path}: {envelope.GetProperty("msg")}");
    }

    private static void GiveTag(HttpClient page, App app, long user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"api/v1/users/{user}/tags"))
        {
            Content = JsonContent.Create(new { tag = "vip" }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", app.ApiKey);
        using var answer = page.SendAsync(request).GetAwaiter().GetResult();
        answer.EnsureSuccessStatusCode();
    }
}
