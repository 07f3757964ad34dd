using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sailfish.Cli;

/// <summary>The server API (docs/protocol.md, section 7.2).</summary>
internal sealed class ServerApi : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;

    public ServerApi(Uri address, AppSecrets app)
    {
        // Beneath the address's own path, which is a proxy's.
        _http = new HttpClient { BaseAddress = new Uri($"{address.AbsoluteUri.TrimEnd('/')}/api/v1/"), Timeout = Timeout };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.ApiKey);
    }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellation)
    {
        using var response = await SendAsync(() => _http.GetAsync(new Uri(path, UriKind.Relative), cancellation), cancellation);
        return await ReadAsync(response, answer, cancellation);
    }

    /// <summary>The answer as it comes.</summary>
    public async Task<string> GetTextAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(() => _http.GetAsync(new Uri(path, UriKind.Relative), cancellation), cancellation);
        if (!response.IsSuccessStatusCode)
            throw new CliException(await ExplainAsync(response, cancellation), response.StatusCode);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    public async Task<TAnswer> PostAsync<T, TAnswer>(
        string path, T body, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(body, type);
        using var response = await SendAsync(() => _http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation), cancellation);
        return await ReadAsync(response, answer, cancellation);
    }

    /// <summary>For a call that takes nothing.</summary>
    public async Task<T> PostAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellation)
    {
        using var response = await SendAsync(() => _http.PostAsync(new Uri(path, UriKind.Relative), null, cancellation), cancellation);
        return await ReadAsync(response, answer, cancellation);
    }

    /// <summary>For a call that takes and answers nothing.</summary>
    public async Task PostAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(() => _http.PostAsync(new Uri(path, UriKind.Relative), null, cancellation), cancellation);
        if (!response.IsSuccessStatusCode)
            throw new CliException(await ExplainAsync(response, cancellation), response.StatusCode);
    }

    public async Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellation)
    {
        using var response = await SendAsync(() => _http.DeleteAsync(new Uri(path, UriKind.Relative), cancellation), cancellation);
        return await ReadAsync(response, answer, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellation)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException e)
        {
            throw new CliException($"{_http.BaseAddress!.Authority} cannot be reached: {e.GetBaseException().Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException($"{_http.BaseAddress!.Authority} did not answer within {Timeout.TotalSeconds} s");
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
            throw new CliException(await ExplainAsync(response, cancellation), response.StatusCode);
        return await TryReadAsync(response, type, cancellation) ?? throw new CliException("the server answered something else than JSON");
    }

    private static async Task<string> ExplainAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            return "the server does not know this app's API key";
        var problem = await TryReadAsync(response, CliJson.Default.Problem, cancellation);
        return $"the server refused: {problem?.Detail ?? problem?.Title ?? response.ReasonPhrase} ({(int)response.StatusCode})";
    }

    private static async Task<T?> TryReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellation);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
