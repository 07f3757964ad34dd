using System.Diagnostics;
using Sailfish.LoadTest.Harness;
using Sailfish.LoadTest.Results;

namespace Sailfish.LoadTest.Scenarios;

/// <summary>Looks ten times a second what the nodes that live say of the users of one that died, until it is disposed of.</summary>
internal sealed class DeathWatch : IDisposable
{
    /// <summary>A node says so when the users' sessions are out of the database, and then publishes their events.</summary>
    private const string GivenUp = "is silent and was given up";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Servers _servers;
    private readonly OnlineReader _reader;
    private readonly long[] _gone;
    private readonly long[][] _back;
    private readonly Task _looking;
    private volatile bool _looksAtReturned;
    private long _offlineAt;
    private long _publishedAt;
    private long _failed;
    private long _returnedOffline;

    /// <param name="servers">The nodes that live; the first one is asked.</param>
    /// <param name="gone">Users who do not come back.</param>
    /// <param name="back">Users who do.</param>
    internal DeathWatch(Servers servers, IEnumerable<long> gone, IEnumerable<long> back)
    {
        _servers = servers;
        _gone = [.. gone];
        _back = [.. back.Chunk(OnlineReader.MostUsers)];
        _reader = new OnlineReader(servers.First.Ports, servers.App);
        _looking = Task.Run(LookAsync);
    }

    /// <summary>All who did not come back were read offline, and their events were published.</summary>
    internal bool HasSeenAll => Volatile.Read(ref _offlineAt) != 0 && Volatile.Read(ref _publishedAt) != 0;

    /// <summary>From now on all who come back are there: none of them may be read offline.</summary>
    internal void LookAtReturned() => _looksAtReturned = true;

    internal void Report(long killedAt, ScenarioResult result)
    {
        Add(MetricNames.ReadOffline, killedAt, Volatile.Read(ref _offlineAt), result);
        Add(MetricNames.OfflinePublished, killedAt, Volatile.Read(ref _publishedAt), result);
        result.Add("read offline after their return", Volatile.Read(ref _returnedOffline), "times");
        result.Add("questions who is online that failed", Volatile.Read(ref _failed), "");
        result.FailIf(_returnedOffline > 0, $"users are read offline after their return {_returnedOffline} times");
    }

    public void Dispose()
    {
        _stop.Cancel();
        _looking.Wait();
        _stop.Dispose();
        _reader.Dispose();
    }

    private static void Add(string metric, long killedAt, long at, ScenarioResult result)
    {
        result.FailIf(at == 0, $"{metric}: never");
        if (at != 0)
            result.Add(metric, Stopwatch.GetElapsedTime(killedAt, at).TotalSeconds, "s");
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await LookOnceAsync();
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                _failed++;
            }

            await Task.Delay(Pause, _stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private async Task LookOnceAsync()
    {
        if (_publishedAt == 0 && _servers.Nodes.Any(node => node.HasSaid(GivenUp)))
            Volatile.Write(ref _publishedAt, Stopwatch.GetTimestamp());
        if (_offlineAt == 0 && await _reader.CountOfflineAsync(_gone) == _gone.Length)
            Volatile.Write(ref _offlineAt, Stopwatch.GetTimestamp());
        if (!_looksAtReturned)
            return;
        foreach (var users in _back)
            _returnedOffline += await _reader.CountOfflineAsync(users);
    }
}
