using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Gateway.Transports;

namespace Sailfish.Server.Gateway;

/// <summary>
/// Reads the head of the first request, answers WebSocket upgrades of our paths
/// itself and frames them on the raw bytes. Everything else is handed on untouched to ASP.NET Core. Going through the
/// HTTP upgrade instead would cost three times the memory and most of the speed (docs/design.md, section 7).
/// </summary>
internal sealed class WebSocketUpgrade(
    OriginCheck origins,
    PendingHeads heads)
{
    /// <summary>The longest request head that is looked at; a longer one is ASP.NET Core's to refuse.</summary>
    private const int MaxHead = 16 * 1024;

    private const string ModernPath = "/ws";
    private const string JsonProtocol = "sailfish.json";
    private const string BinaryProtocol = "sailfish.binary";

    /// <summary>Reads the first request's head, and answers it when it asks for one of our WebSockets.</summary>
    /// <param name="transport">The connection; nothing was taken from it before.</param>
    /// <param name="allowLegacyPath">Whether the seed's path is served on this port.</param>
    public async ValueTask<Opening> OpenAsync(Transport transport, bool allowLegacyPath)
    {
        heads.Add(transport);
        try
        {
            var (request, headLength) = await ReadHeadAsync(transport.Input);
            return IsOurs(request, allowLegacyPath, out var path)
                ? await AnswerAsync(transport, request, headLength, path)
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
    public static bool IsOurs(ReadOnlyMemory<byte> start, bool allowLegacyPath)
    {
        var bytes = new ReadOnlySequence<byte>(start);
        return WebSocketHandshake.TryFindHead(bytes, out var length)
            && IsOurs(WebSocketHandshake.Parse(bytes.Slice(0, length)), allowLegacyPath, out _);
    }

    private static bool IsOurs([NotNullWhen(true)] WebSocketRequest? request, bool allowLegacyPath, out LegacyPath? path)
    {
        path = null;
        if (request is null)
            return false;
        if (request.Path.SequenceEqual(ModernPath))
            return true;
        path = allowLegacyPath ? LegacyPath.Parse(request.Path) : null;
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

    private async ValueTask<Opening> AnswerAsync(Transport transport, WebSocketRequest request, long headLength, LegacyPath? path)
    {
        var read = await transport.Input.ReadAsync();
        transport.Input.AdvanceTo(read.Buffer.GetPosition(headLength));
        var answer = new ArrayBufferWriter<byte>(256);
        if (Refusal(request, path) is { } refusal)
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

    private (string StatusLine, string? Header)? Refusal(WebSocketRequest request, LegacyPath? path)
    {
        if (request.Version != "13")
            return ("426 Upgrade Required", "Sec-WebSocket-Version: 13");
        if (request.Host is null || !WebSocketHandshake.IsValidKey(request.Key))
            return ("400 Bad Request", null);
        if (!origins.IsAllowed(request))
            return ("403 Forbidden", null);
        var offersNoneOfOurs = path is null && request.Protocols.Count > 0
            && !request.Protocols.Any(p => p is JsonProtocol or BinaryProtocol);
        return offersNoneOfOurs ? ("400 Bad Request", null) : null;
    }
}
