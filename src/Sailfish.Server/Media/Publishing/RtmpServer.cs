using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sailfish.Media;
using Sailfish.Server.Hosting;
using Sailfish.Server.Media.Streams;
using Sailfish.Server.Pacing;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Media.Publishing;

/// <summary>All encoders' connections, each from its first byte to its end.</summary>
internal sealed class RtmpServer(PublishDesk desk, MediaMetrics metrics, TimeProvider time, ILogger<RtmpServer> logger)
{
    /// <summary>Connections that do not publish yet.</summary>
    private const int MostWaiting = 64;

    private const int MostWaitingOfAddress = 10;

    private readonly ConcurrentDictionary<RtmpConnection, ClientAddress> _connections = new();
    private readonly LogPace _refusals = new(new Rate(PerSecond: 1, Burst: 10), time);
    private readonly Lock _gate = new();

    /// <summary>The whole life of a connection, but for the end of its transport.</summary>
    public async Task RunAsync(Transport transport)
    {
        var address = ClientAddress.Of(transport.RemoteEndPoint);
        var connection = new RtmpConnection(transport, desk, metrics, time, logger);
        if (!TryAdd(connection, address))
        {
            metrics.Refused("waiting");
            Tell(address, "too many connections that do not publish");
            return;
        }

        string? broken = null;
        try
        {
            await connection.RunAsync();
        }
        catch (MediaFormatException fault)
        {
            broken = fault.Message;
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            // The encoder is gone, or was cut.
        }
#pragma warning disable CA1031 // one connection's fault must not reach the listener
        catch (Exception fault)
#pragma warning restore CA1031
        {
            MediaLog.ConnectionFault(logger, fault);
        }
        finally
        {
            connection.Leave(isStop: false);
            _connections.TryRemove(connection, out _);
        }

        TellEnd(connection, address, broken ?? connection.WhyBroken);
    }

    /// <summary>Called by the sweep.</summary>
    public void Sweep()
    {
        foreach (var (connection, _) in _connections)
            connection.Sweep();
    }

    /// <summary>The server stops.</summary>
    public void Stop()
    {
        foreach (var (connection, _) in _connections)
            connection.Cut(CutReason.Draining);
    }

    private bool TryAdd(RtmpConnection connection, ClientAddress address)
    {
        // One at a time: many that come at once would all find a place.
        lock (_gate)
        {
            var waiting = _connections.Where(pair => pair.Key.Answer is null).ToList();
            return waiting.Count < MostWaiting && waiting.Count(pair => pair.Value == address) < MostWaitingOfAddress && _connections.TryAdd(connection, address);
        }
    }

    private void TellEnd(RtmpConnection connection, ClientAddress address, string? broken)
    {
        if (connection.Answer is { Stream: { } stream, Publication: { } publication })
        {
            MediaLog.PublisherGone(logger, publication.User.UserId, stream.Room.RoomId, connection.WhyCut, broken);
        }
        else if (connection.Answer is { Why: { } why })
        {
            Tell(address, why);
        }
        else if (broken is not null)
        {
            metrics.Refused("broken");
            Tell(address, broken);
        }
    }

    private void Tell(ClientAddress address, string reason)
    {
        if (_refusals.TryTake(out var leftOut))
            MediaLog.PublisherRefused(logger, address.ToString(), reason, leftOut);
    }
}
