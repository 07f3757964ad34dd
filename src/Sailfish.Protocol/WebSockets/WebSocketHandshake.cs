using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Sailfish.Protocol.WebSockets;

/// <summary>The request of an opening handshake, RFC 6455, section 4.2.1, as far as a server needs it.</summary>
public sealed record WebSocketRequest
{
    /// <summary>The raw request target, not unescaped.</summary>
    public required string Target { get; init; }

    /// <summary>The Host header.</summary>
    public string? Host { get; init; }

    /// <summary>The Origin header, which browsers always send.</summary>
    public string? Origin { get; init; }

    /// <summary>Sec-WebSocket-Key.</summary>
    public string? Key { get; init; }

    /// <summary>Sec-WebSocket-Version; this server speaks 13.</summary>
    public string? Version { get; init; }

    /// <summary>X-Forwarded-For, as it stands; who may be believed is not said by it.</summary>
    public string? ForwardedFor { get; init; }

    /// <summary>X-Forwarded-Host, likewise.</summary>
    public string? ForwardedHost { get; init; }

    /// <summary>The subprotocols asked for, in the client's order.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    /// <summary>The target without its query.</summary>
    public ReadOnlySpan<char> Path =>
        Target.AsSpan(0, Target.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? mark : Target.Length);
}

/// <summary>The opening handshake: which requests are upgrades, and what answers them.</summary>
public static class WebSocketHandshake
{
    /// <summary>RFC 6455, section 1.3.</summary>
    private static ReadOnlySpan<byte> Guid => "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8;

    /// <summary>All of ASCII's but the tab.</summary>
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Where(c => c != '\t').Select(c => (char)c)]);

    /// <summary>Of the header fields that are looked at.</summary>
    private const int LongestName = 22;

    private static ReadOnlySpan<byte> HeadEnd => "\r\n\r\n"u8;

    /// <summary>Finds the end of a request head; <paramref name="length"/> counts its empty line.</summary>
    public static bool TryFindHead(in ReadOnlySequence<byte> input, out long length)
    {
        var reader = new SequenceReader<byte>(input);
        if (reader.TryReadTo(out ReadOnlySequence<byte> _, HeadEnd, advancePastDelimiter: true))
        {
            length = reader.Consumed;
            return true;
        }

        length = 0;
        return false;
    }

    /// <summary>Whether a value of a head holds what RFC 9110, section 5.5, calls invalid and dangerous.</summary>
    public static bool HasControl(ReadOnlySpan<char> value) => value.ContainsAny(Controls);

    /// <summary>
    /// Reads a head; null when it is not a GET that asks for a WebSocket, or not one of HTTP's at all: with control
    /// characters, a bare CR or LF among them, or two hosts.
    /// </summary>
    public static WebSocketRequest? Parse(in ReadOnlySequence<byte> head)
    {
        // No string but of what is asked for: heads come in crowds.
        var text = Encoding.Latin1.GetString(head).AsSpan();
        var lines = text.Split("\r\n");
        if (!lines.MoveNext() || !TryReadStart(text[lines.Current], out var target))
            return null;

        var upgrade = false;
        var connection = false;
        string? host = null, origin = null, key = null, version = null, forwardedFor = null, forwardedHost = null;
        List<string> protocols = [];
        Span<char> lower = stackalloc char[LongestName];
        while (lines.MoveNext())
        {
            var line = text[lines.Current];
            if (HasControl(line))
                return null;
            var colon = line.IndexOf(':');
            if (colon is <= 0 or > LongestName)
                continue;
            var value = line[(colon + 1)..].Trim();
            switch (lower[..line[..colon].ToLowerInvariant(lower)])
            {
                case "upgrade": upgrade |= HasToken(value, "websocket"); break;
                case "connection": connection |= HasToken(value, "upgrade"); break;
                case "host" when host is not null: return null;
                case "host": host = value.ToString(); break;
                case "origin": origin = value.ToString(); break;
                case "x-forwarded-for": forwardedFor = forwardedFor is null ? value.ToString() : $"{forwardedFor},{value}"; break;
                case "x-forwarded-host": forwardedHost = forwardedHost is null ? value.ToString() : $"{forwardedHost},{value}"; break;
                case "sec-websocket-key": key = value.ToString(); break;
                case "sec-websocket-version": version = value.ToString(); break;
                case "sec-websocket-protocol":
                    protocols.AddRange(value.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
                    break;
                default: break;
            }
        }

        return upgrade && connection
            ? new WebSocketRequest
            {
                Target = target,
                Host = host,
                Origin = origin,
                Key = key,
                Version = version,
                ForwardedFor = forwardedFor,
                ForwardedHost = forwardedHost,
                Protocols = protocols,
            }
            : null;
    }

    /// <summary>Whether the key is 16 bytes in base64, as RFC 6455, section 4.2.1, asks.</summary>
    public static bool IsValidKey(string? key)
    {
        Span<byte> bytes = stackalloc byte[16];
        return key is { Length: 24 } && Convert.TryFromBase64String(key, bytes, out var written) && written == 16;
    }

    /// <summary>Writes the 101 answer.</summary>
    public static void WriteAccept(IBufferWriter<byte> output, string key, string? protocol)
    {
        output.Write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "u8);
        output.Write(Encoding.ASCII.GetBytes(AcceptFor(key)));
        if (protocol is not null)
        {
            output.Write("\r\nSec-WebSocket-Protocol: "u8);
            output.Write(Encoding.ASCII.GetBytes(protocol));
        }

        output.Write(HeadEnd);
    }

    /// <summary>Writes a refusal without a body, after which the connection is closed.</summary>
    public static void WriteRefusal(IBufferWriter<byte> output, string statusLine, string? header = null)
    {
        output.Write(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {statusLine}\r\nContent-Length: 0\r\nConnection: close\r\n{(header is null ? "" : header + "\r\n")}\r\n"));
    }

    /// <summary>Sec-WebSocket-Accept for a key.</summary>
    public static string AcceptFor(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6455 names SHA-1; it proves that the peer speaks WebSocket, and guards nothing.
        SHA1.HashData([.. Encoding.ASCII.GetBytes(key), .. Guid], hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    /// <summary>Reads <c>GET target HTTP/1.1</c>.</summary>
    private static bool TryReadStart(ReadOnlySpan<char> line, [NotNullWhen(true)] out string? target)
    {
        Span<Range> parts = stackalloc Range[4];
        var isGet = !HasControl(line) && line.Split(parts, ' ') == 3 && line[parts[0]] is "GET" && line[parts[2]] is "HTTP/1.1";
        target = isGet ? line[parts[1]].ToString() : null;
        return isGet;
    }

    private static bool HasToken(ReadOnlySpan<char> value, ReadOnlySpan<char> token)
    {
        foreach (var part in value.Split(','))
        {
            if (value[part].Trim().Equals(token, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
