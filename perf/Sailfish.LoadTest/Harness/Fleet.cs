using System.Buffers;
using System.Diagnostics;
using Sailfish.LoadTest.Net;
using Sailfish.LoadTest.Results;
using Sailfish.LoadTest.Transports;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Harness;

/// <summary>All sessions of a run, driven by one thread: logs them in, keeps them alive, counts what happens to them.</summary>
internal sealed class Fleet : IDisposable
{
    /// <summary>Logins under way at a time: a storm, but one that the listen queue holds.</summary>
    private const int LoginsUnderWay = 200;

    /// <summary>New connections before answers are looked at again.</summary>
    private const int OpenedBetweenPolls = 64;

    private static readonly TimeSpan LoginStall = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Servers _servers;
    private readonly ArrayBufferWriter<byte> _scratch = new(1024);
    private readonly List<Session> _sessions = [];
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private readonly HeartbeatPacer _heartbeats;
    private int _ready;

    internal Fleet(Servers servers, LoadSettings settings)
    {
        _servers = servers;
        NamesPeople = settings.Program == ServerProgram.Sailfish;
        Transport = Transport.Of(settings.Transport);
        Tokens = new TokenMinter(servers.App);
        _heartbeats = new HeartbeatPacer(_sessions);
    }

    internal Poller Poller { get; } = new();

    internal Transport Transport { get; }

    internal TokenMinter Tokens { get; }

    /// <summary>Whether each copy of a message names its receiver and its true sender (docs/protocol.md, section 2).</summary>
    internal bool NamesPeople { get; }

    internal long AppId => _servers.App.Id;

    internal long HeartbeatsSent { get; private set; }

    internal long HeartbeatsAnswered { get; private set; }

    /// <summary>Connections that the server ended.</summary>
    internal long Closed { get; private set; }

    /// <summary>Messages that name another receiver than the session that got them, or another sender than sent them.</summary>
    internal long Misaddressed { get; private set; }

    /// <summary>Opens new sessions and waits until each is logged in, and in its room when it has one.</summary>
    internal void LogIn(IReadOnlyList<Session> sessions)
    {
        Connect(sessions, LoginsUnderWay);
        _sessions.AddRange(sessions);
    }

    /// <summary>Connects sessions and waits until each is ready, with at most so many under way.</summary>
    internal void Connect(IReadOnlyList<Session> sessions, int underWay)
    {
        var progress = new Progress("logging in");
        var before = _ready;
        var opened = 0;
        var seen = _ready;
        var seenAt = Stopwatch.GetTimestamp();
        while (_ready - before < sessions.Count)
        {
            var wanted = Math.Min(sessions.Count, _ready - before + underWay);
            for (var last = Math.Min(wanted, opened + OpenedBetweenPolls); opened < last; opened++)
                sessions[opened].Open(Transport.PortOf(_servers.NodeOf(sessions[opened].Node).Ports));
            Poll(opened < wanted ? 0 : 10);
            if (_ready != seen)
                (seen, seenAt) = (_ready, Stopwatch.GetTimestamp());
            else if (Closed > 0 || Stopwatch.GetElapsedTime(seenAt) > LoginStall)
                throw new LoadTestException($"{_ready - before} of {sessions.Count} logged in; {Complaints()}");
            progress.Tick(() => $"{_ready - before} of {sessions.Count}");
        }

        progress.End($"{sessions.Count} sessions");
    }

    /// <summary>Handles what is ready and sends the heartbeats that are due.</summary>
    internal void Poll(int timeoutMilliseconds)
    {
        Poller.Poll(timeoutMilliseconds);
        _heartbeats.Tick();
        if (_servers.HasExited)
            throw new LoadTestException($"The server ended.\n{_servers.LastLines}");
    }

    /// <summary>Polls for <paramref name="period"/>.</summary>
    internal void PollFor(TimeSpan period)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < period)
            Poll(10);
    }

    /// <summary>Polls until <paramref name="done"/>, and no longer than <paramref name="progress"/> still moves.</summary>
    internal void PollUntil(Func<bool> done, Func<long> progress) => PollUntil(done, progress, Silence);

    /// <summary>Polls until <paramref name="done"/>, or <paramref name="progress"/> has not moved for <paramref name="silence"/>.</summary>
    internal void PollUntil(Func<bool> done, Func<long> progress, TimeSpan silence) => Stall.Until(done, progress, silence, () => Poll(10));

    /// <summary>Sends what opens a connection; false when nothing does.</summary>
    internal bool SendOpening(Session session, string token)
    {
        _scratch.ResetWrittenCount();
        Transport.WriteOpening(_scratch, token, session.UserId);
        Poller.Send(session, _scratch.WrittenSpan);
        return _scratch.WrittenCount > 0;
    }

    internal void Send(Session session, FrameCode code, ReadOnlySpan<byte> body)
    {
        _scratch.ResetWrittenCount();
        Transport.Write(_scratch, code, body);
        Poller.Send(session, _scratch.WrittenSpan);
    }

    internal void CountReady() => _ready++;

    internal void SendHeartbeat(Session session)
    {
        HeartbeatsSent++;
        Send(session, FrameCode.Heartbeat, "{}"u8);
    }

    internal void CountHeartbeat() => HeartbeatsAnswered++;

    internal void CountClosed() => Closed++;

    internal void CountMisaddressed() => Misaddressed++;

    internal void CountError(string word) => _errors[word] = _errors.GetValueOrDefault(word) + 1;

    internal long Errors(string word) => _errors.GetValueOrDefault(word);

    /// <summary>What no scenario may see: sessions that end, errors other than <c>behind</c>, wrong receivers.</summary>
    internal void Report(ScenarioResult result)
    {
        result.FailIf(Closed > 0, $"{Closed} sessions were closed by the server");
        result.FailIf(Misaddressed > 0, $"{Misaddressed} messages name another receiver or sender");
        foreach (var (word, count) in _errors.Where(e => e.Key != ErrorWords.Behind))
            result.FailIf(true, $"{count} × {word}");
    }

    public void Dispose() => Poller.Dispose();

    private string Complaints() => $"{Closed} closed by the server; errors: "
        + (_errors.Count == 0 ? "none" : string.Join(", ", _errors.Select(e => $"{e.Value} × {e.Key}")));
}
