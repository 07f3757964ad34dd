using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Gateway.Admission;
using Sailfish.Server.Hosting;
using Sailfish.Server.Media;
using Sailfish.Server.Media.Viewers;
using Sailfish.Server.Transports;

namespace Sailfish.Server.Gateway;

/// <summary>
/// Reads the head of the first request, answers WebSocket upgrades of our paths
/// itself and frames them on the raw bytes. Everything else is handed on untouched to ASP.NET Core. Going through the
/// HTTP upgrade instead would cost three times the memory and most of the speed (docs/decisions/002-websocket-beside-the-http-upgrade.md).
/// </summary>
internal sealed class WebSocketUpgrade(
    OriginCheck origins,
    HostCheck hosts,
    Forwarding forwarding,
    PathBase pathBase,
    PendingHeads heads,
    IOptions<MediaOptions> media)
{
    /// <summary>The longest request head that is looked at; a longer one is ASP.NET Core's to refuse.</summary>
    private const int MaxHead = 16 * 1024;

    private static readonly (string StatusLine, string? Header) Full = ("503 Service Unavailable", $"Retry-After: {LastWords.FullSeconds}");

    private const string ModernPath = "/ws";
    private const string JsonProtocol = "sailfish.json";
    private const string BinaryProtocol = "sailfish.binary";

    /// <summary>Answers the first request when it asks for one of our WebSockets.</summary>
    /// <param name="transport">The connection; nothing was taken from it before.</param>
    /// <param name="allowLegacyPath">Whether the seed's path is served on this port.</param>
    /// <param name="slot">Its place.</param>
    /// <param name="found">The request, where it was found in what came; else its head is read.</param>
    public async ValueTask<Opening> OpenAsync(Transport transport, bool allowLegacyPath, ConnectionSlot slot, UpgradeRequest? found = null)
    {
        heads.Add(transport, isHurried: slot.Refusal != Refusal.None);
        try
        {
            return (found ?? await ReadAsync(transport.Input, allowLegacyPath)) is { } request
                ? await AnswerAsync(transport, request, slot)
                : new Opening(OpeningKind.Other);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            // The peer went away, or was cut, before it asked for anything, or did not wait for the answer.
            return new Opening(OpeningKind.Ended);
        }
        finally
        {
            heads.Remove(transport);
        }
    }

    /// <summary>The request of these first bytes; null when they are no whole head that asks for one of our WebSockets.</summary>
    public UpgradeRequest? Find(in ReadOnlySequence<byte> start, bool allowLegacyPath)
    {
        if (!WebSocketHandshake.TryFindHead(start, out var length) || WebSocketHandshake.Parse(start.Slice(0, length)) is not { } request)
            return null;
        var below = pathBase.Below(request.Path);
        if (below.SequenceEqual(ModernPath))
            return new UpgradeRequest(request, (int)length, LegacyPath: null);
        if (media.Value.Enabled && ViewRequest.IsView(below))
            return new UpgradeRequest(request, (int)length, LegacyPath: null, ViewRequest.Parse(below, request.Target[request.Path.Length..]));
        return allowLegacyPath && LegacyPath.Parse(below) is { } path ? new UpgradeRequest(request, (int)length, path) : null;
    }

    /// <summary>
    /// Reads until the head is whole or is clearly not an upgrade. The bytes stay in the pipe, and what was not looked at
    /// before counts as new, so that the next reader gets them at once.
    /// </summary>
    private async ValueTask<UpgradeRequest?> ReadAsync(PipeReader input, bool allowLegacyPath)
    {
        long examined = 0;
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            if (result.IsCompleted || buffer.Length > MaxHead || !CouldBeGet(buffer) || WebSocketHandshake.TryFindHead(buffer, out _))
            {
                var request = Find(buffer, allowLegacyPath);
                input.AdvanceTo(buffer.Start, buffer.GetPosition(examined));
                return request;
            }

            examined = buffer.Length;
            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static bool CouldBeGet(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> start = stackalloc byte[4];
        var length = (int)Math.Min(buffer.Length, start.Length);
        buffer.Slice(0, length).CopyTo(start);
        return "GET "u8[..length].SequenceEqual(start[..length]);
    }

    private static async ValueTask SkipAsync(PipeReader input, long length)
    {
        while (length > 0)
        {
            var buffer = (await input.ReadAsync()).Buffer;
            if (buffer.IsEmpty)
                throw new IOException("The peer left.");
            var count = Math.Min(length, buffer.Length);
            input.AdvanceTo(buffer.GetPosition(count));
            length -= count;
        }
    }

    private async ValueTask<Opening> AnswerAsync(Transport transport, UpgradeRequest upgrade, ConnectionSlot slot)
    {
        var (request, headLength, path, view) = upgrade;
        await SkipAsync(transport.Input, headLength);
        var answer = new ArrayBufferWriter<byte>(256);
        if (slot.IsForwarded)
            request = TakeFrom(request, transport, slot);
        if ((TryPlace(slot, isView: view is not null) ? Refused(request, isOurs: path is null && view is null, slot) : Full) is { } refusal)
        {
            WebSocketHandshake.WriteRefusal(answer, refusal.StatusLine, refusal.Header);
            await transport.SendAsync(answer.WrittenMemory);
            return new Opening(OpeningKind.Ended);
        }

        if (view is { } wish)
        {
            WebSocketHandshake.WriteAccept(answer, request.Key!, protocol: null);
            await transport.SendAsync(answer.WrittenMemory);
            return new Opening(OpeningKind.Viewer, View: wish);
        }

        var protocol = path is null ? request.Protocols.FirstOrDefault(p => p is JsonProtocol or BinaryProtocol) : null;
        WebSocketHandshake.WriteAccept(answer, request.Key!, protocol);
        await transport.SendAsync(answer.WrittenMemory);
        var dialect = path is not null ? Dialect.WebSocketLegacy
            : protocol == BinaryProtocol ? Dialect.WebSocketBinary : Dialect.WebSocketJson;
        return new Opening(OpeningKind.Ours, dialect, path);
    }

    /// <summary>What the proxy names stands in the place of its own; who that is may have too many connections.</summary>
    private WebSocketRequest TakeFrom(WebSocketRequest request, Transport transport, ConnectionSlot slot)
    {
        var (remote, host) = forwarding.Of(request, slot.Remote!);
        transport.RemoteEndPoint = slot.Remote = remote;
        slot.TryCountFor(ClientAddress.Of(remote));
        return request with { Host = host };
    }

    /// <summary>Who comes to talk, and finds no place, is told so on the WebSocket; who comes to watch is told now.</summary>
    private static bool TryPlace(ConnectionSlot slot, bool isView) =>
        isView ? slot.TryBecome(SlotKind.Viewer) && slot.Refusal != Refusal.ServerFull : slot.TryBecome(SlotKind.Gateway);

    private (string StatusLine, string? Header)? Refused(WebSocketRequest request, bool isOurs, ConnectionSlot slot)
    {
        if (slot.Refusal == Refusal.TooManyOfAddress)
            return ("429 Too Many Requests", $"Retry-After: {RetryAfter.SecondsOf(slot.RetryAfter)}");
        if (request.Version != "13")
            return ("426 Upgrade Required", "Sec-WebSocket-Version: 13");
        if (request.Host is null || !hosts.IsAllowed(request.Host) || !WebSocketHandshake.IsValidKey(request.Key))
            return ("400 Bad Request", null);
        if (!origins.IsAllowed(request))
            return ("403 Forbidden", null);
        var offersNoneOfOurs = isOurs && request.Protocols.Count > 0
            && !request.Protocols.Any(p => p is JsonProtocol or BinaryProtocol);
        return offersNoneOfOurs ? ("400 Bad Request", null) : null;
    }
}
