using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Asks the HTTP API of a node who is online (docs/protocol.md, section 7.2).</summary>
internal sealed class OnlineReader : IDisposable
{
    /// <summary>Users that one call takes.</summary>
    internal const int MostUsers = 1000;

    private readonly HttpClient _http;

    internal OnlineReader(ServerPorts ports, App app)
    {
        _http = new HttpClient
        {
            BaseAddress = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", ports.Http).Uri,
            Timeout = TimeSpan.FromSeconds(10),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.ApiKey);
    }

    /// <summary>How many of them are offline.</summary>
    internal async Task<int> CountOfflineAsync(IReadOnlyCollection<long> users)
    {
        using var answer = await _http.PostAsJsonAsync("api/v1/online", new { users });
        answer.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return body.RootElement.EnumerateObject().Count(user => !user.Value.GetBoolean());
    }

    public void Dispose() => _http.Dispose();
}
