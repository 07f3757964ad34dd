using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Gateway.Admission;
using Sailfish.Server.Hosting;
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
    PendingHeads heads)
{
    /// <summary>The longest request head that is looked at; a longer one is ASP.NET Core's to refuse.</summary>
    private const int MaxHead = 16 * 1024;

    private static readonly (string StatusLine, string? Header) Full = ("503 Service Unavailable", $"Retry-After: {LastWords.FullSeconds}");

    private const string ModernPath = "/ws";
    private const string JsonProtocol = "sailfish.json";
    private const string BinaryProtocol = "sailfish.binary";

    /// <summary>Reads the first request's head, and answers it when it asks for one of our WebSockets.</summary>
    /// <param name="transport">The connection; nothing was taken from it before.</param>
    /// <param name="allowLegacyPath">Whether the seed's path is served on this port.</param>
    /// <param name="slot">Its place.</param>
    public async ValueTask<Opening> OpenAsync(Transport transport, bool allowLegacyPath, ConnectionSlot slot)
    {
        heads.Add(transport, isHurried: slot.Refusal != Refusal.None);
        try
        {
            var (request, headLength) = await ReadHeadAsync(transport.Input);
            return IsOurs(request, allowLegacyPath, out var path)
                ? await AnswerAsync(transport, request, headLength, path, slot)
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

    /// <summary>Whether these first bytes are a whole head that asks for one of our WebSockets.</summary>
    public bool IsOurs(ReadOnlyMemory<byte> start, bool allowLegacyPath)
    {
        var bytes = new ReadOnlySequence<byte>(start);
        return WebSocketHandshake.TryFindHead(bytes, out var length)
            && IsOurs(WebSocketHandshake.Parse(bytes.Slice(0, length)), allowLegacyPath, out _);
    }

    private bool IsOurs([NotNullWhen(true)] WebSocketRequest? request, bool allowLegacyPath, out LegacyPath? path)
    {
        path = null;
        if (request is null)
            return false;
        var below = pathBase.Below(request.Path);
        if (below.SequenceEqual(ModernPath))
            return true;
        path = allowLegacyPath ? LegacyPath.Parse(below) : null;
        return path is not null;
    }

    /// <summary>
    /// Reads until the head is whole or is clearly not an upgrade. The bytes stay in the pipe, and what was not looked at
    /// before counts as new, so that the next reader gets them at once.
    /// </summary>
    private static async ValueTask<(WebSocketRequest? Request, long Length)> ReadHeadAsync(PipeReader input)
    {
        long examined = 0;
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            if (WebSocketHandshake.TryFindHead(buffer, out var length))
            {
                var request = WebSocketHandshake.Parse(buffer.Slice(0, length));
                input.AdvanceTo(buffer.Start, buffer.GetPosition(examined));
                return (request, length);
            }

            if (result.IsCompleted || buffer.Length > MaxHead || !CouldBeGet(buffer))
            {
                input.AdvanceTo(buffer.Start, buffer.GetPosition(examined));
                return (null, 0);
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

    private async ValueTask<Opening> AnswerAsync(Transport transport, WebSocketRequest request, long headLength, LegacyPath? path, ConnectionSlot slot)
    {
        var read = await transport.Input.ReadAsync();
        transport.Input.AdvanceTo(read.Buffer.GetPosition(headLength));
        var answer = new ArrayBufferWriter<byte>(256);
        if (slot.IsForwarded)
            request = TakeFrom(request, transport, slot);
        if ((slot.TryBecome(SlotKind.Gateway) ? Refused(request, path, slot) : Full) is { } refusal)
        {
            WebSocketHandshake.WriteRefusal(answer, refusal.StatusLine, refusal.Header);
            await transport.SendAsync(answer.WrittenMemory);
            return new Opening(OpeningKind.Ended);
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

    private (string StatusLine, string? Header)? Refused(WebSocketRequest request, LegacyPath? path, ConnectionSlot slot)
    {
        if (slot.Refusal == Refusal.TooManyOfAddress)
            return ("429 Too Many Requests", $"Retry-After: {RetryAfter.SecondsOf(slot.RetryAfter)}");
        if (request.Version != "13")
            return ("426 Upgrade Required", "Sec-WebSocket-Version: 13");
        if (request.Host is null || !hosts.IsAllowed(request.Host) || !WebSocketHandshake.IsValidKey(request.Key))
            return ("400 Bad Request", null);
        if (!origins.IsAllowed(request))
            return ("403 Forbidden", null);
        var offersNoneOfOurs = path is null && request.Protocols.Count > 0
            && !request.Protocols.Any(p => p is JsonProtocol or BinaryProtocol);
        return offersNoneOfOurs ? ("400 Bad Request", null) : null;
    }
}
