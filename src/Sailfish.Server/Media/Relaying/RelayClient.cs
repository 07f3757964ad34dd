using System.Globalization;
using System.Net.Http.Headers;
using Sailfish.Server.Media.Keys;
using Sailfish.Server.Media.Sharing;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Media.Relaying;

/// <summary>Asks other nodes for their streams: at the addresses that they have told, and nowhere else.</summary>
internal sealed class RelayClient(RelayTokens tokens, NodeLease lease) : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = ConnectLimit })
    {
        // The answer is without end.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<HttpResponseMessage> GetAsync(SharedStream source, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(source.Address + RelayPath.Of(source.Room)));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Mint(source.Room, lease.Generation));
        request.Headers.Add(RelayPath.Header, lease.Generation.ToString(CultureInfo.InvariantCulture));
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose() => _http.Dispose();
}
