using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Server.Gateway;

/// <summary>
/// Connection middleware of the web ports: reads the head of the first request, answers WebSocket upgrades of our paths
/// itself and frames them on the raw pipe. Everything else is handed on untouched to ASP.NET Core. Going through the
/// HTTP upgrade instead would cost three times the memory and most of the speed (docs/design.md, section 7).
/// </summary>
internal sealed class WebSocketUpgrade(
    ConnectionHost host,
    WebSocketLoop loop,
    LegacyPathLogin legacy,
    OriginCheck origins,
    PendingHeads heads)
{
    /// <summary>The longest request head that is looked at; a longer one is ASP.NET Core's to refuse.</summary>
    private const int MaxHead = 16 * 1024;

    private const string ModernPath = "/ws";
    private const string JsonProtocol = "sailfish.json";
    private const string BinaryProtocol = "sailfish.binary";

    /// <param name="transport">The socket.</param>
    /// <param name="next">ASP.NET Core.</param>
    /// <param name="allowLegacyPath">Whether the seed's path is served on this port.</param>
    public async Task OnConnectionAsync(ConnectionContext transport, ConnectionDelegate next, bool allowLegacyPath)
    {
        heads.Add(transport);
        WebSocketRequest? request;
        long headLength;
        try
        {
            (request, headLength) = await ReadHeadAsync(transport.Transport.Input);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            // The peer went away, or was cut, before it asked for anything.
            return;
        }
        finally
        {
            heads.Remove(transport);
        }

        var path = request is null ? null : LegacyPath.Parse(request.Path);
        var isModern = request is not null && request.Path.SequenceEqual(ModernPath);
        if (isModern || (allowLegacyPath && path is not null))
            await AnswerAsync(transport, request!, headLength, isModern ? null : path);
        else
            await next(transport);
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

    private async Task AnswerAsync(ConnectionContext transport, WebSocketRequest request, long headLength, LegacyPath? path)
    {
        try
        {
            await ServeAsync(transport, request, headLength, path);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            // The peer asked and did not wait for the answer.
        }
    }

    private async Task ServeAsync(ConnectionContext transport, WebSocketRequest request, long headLength, LegacyPath? path)
    {
        var read = await transport.Transport.Input.ReadAsync();
        transport.Transport.Input.AdvanceTo(read.Buffer.GetPosition(headLength));

        var output = transport.Transport.Output;
        if (Refusal(request, path) is { } refusal)
        {
            WebSocketHandshake.WriteRefusal(output, refusal.StatusLine, refusal.Header);
            await output.FlushAsync();
            return;
        }

        var protocol = path is null ? request.Protocols.FirstOrDefault(p => p is JsonProtocol or BinaryProtocol) : null;
        var accept = new ArrayBufferWriter<byte>(256);
        WebSocketHandshake.WriteAccept(accept, request.Key!, protocol);
        var dialect = path is not null ? Dialect.WebSocketLegacy
            : protocol == BinaryProtocol ? Dialect.WebSocketBinary : Dialect.WebSocketJson;
        await host.RunAsync(
            transport,
            dialect,
            accept.WrittenMemory,
            path is null ? null : connection => legacy.LogInAsync(connection, path),
            connection => loop.RunAsync(transport.Transport.Input, connection));
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
