using System.Diagnostics;
using Sailfish.LoadTest.Harness;
using Sailfish.TestKit;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Asks /healthz as an orchestrator does, one call after the other, until it is disposed of.</summary>
internal sealed class HealthProbe : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _address;
    private readonly Task _asking;

    internal HealthProbe(ServerPorts ports)
    {
        _address = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", ports.Http, "healthz").Uri;
        _asking = Task.Run(AskAsync);
    }

    internal Latencies Answers { get; } = new();

    /// <summary>Calls that failed, or had another answer than 200.</summary>
    internal int Failed { get; private set; }

    public void Dispose()
    {
        _stop.Cancel();
        _asking.Wait();
        _stop.Dispose();
        _http.Dispose();
    }

    private async Task AskAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await _http.GetAsync(_address);
                Failed += answer.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                Failed++;
            }

            Answers.Add(start, Stopwatch.GetTimestamp());
            await Task.Delay(Pause, _stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }
}
