using System.Buffers;
using System.Text;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Tests.Protocol.WebSockets;

public sealed class WebSocketHandshakeTests
{
    private const string SampleKey = "dGhlIHNhbXBsZSBub25jZQ==";

    private const string Sample =
        "GET /chat?x=1 HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        "Sec-WebSocket-Key: " + SampleKey + "\r\nOrigin: http://example.com\r\n" +
        "Sec-WebSocket-Protocol: chat, superchat\r\nSec-WebSocket-Version: 13\r\n\r\n";

    [Fact]
    public void RFC6455_sample_key_gives_the_accept_of_the_RFC()
    {
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WebSocketHandshake.AcceptFor(SampleKey));
    }

    [Fact]
    public void RFC6455_sample_request_is_parsed()
    {
        var request = Parse(Sample);
        Assert.NotNull(request);
        Assert.Equal("/chat?x=1", request.Target);
        Assert.Equal("/chat", request.Path.ToString());
        Assert.Equal("server.example.com", request.Host);
        Assert.Equal("http://example.com", request.Origin);
        Assert.Equal(SampleKey, request.Key);
        Assert.Equal("13", request.Version);
        Assert.Equal(["chat", "superchat"], request.Protocols);
    }

    [Fact]
    public void Head_cut_over_segments_is_found_and_parsed_alike()
    {
        var bytes = Encoding.ASCII.GetBytes(Sample + "\x81\x05after");
        foreach (var input in Sequences.EveryCut(bytes).Append(Sequences.ByteByByte(bytes)))
        {
            Assert.True(WebSocketHandshake.TryFindHead(input, out var length));
            Assert.Equal(Sample.Length, length);
            var request = WebSocketHandshake.Parse(input.Slice(0, length));
            Assert.NotNull(request);
            Assert.Equal("/chat?x=1", request.Target);
            Assert.Equal(["chat", "superchat"], request.Protocols);
        }
    }

    [Fact]
    public void Head_without_its_empty_line_is_not_found()
    {
        for (var length = 0; length < Sample.Length; length++)
        {
            Assert.False(WebSocketHandshake.TryFindHead(Bytes(Sample[..length]), out var found));
            Assert.Equal(0, found);
        }
    }

    [Theory]
    [InlineData("\r\n\r\n", 4)]
    [InlineData("\r\r\n\r\n", 5)]
    [InlineData("\r\n\r\r\n\r\nrest", 7)]
    [InlineData("a\n\r\n\r\n\r\n", 6)]
    [InlineData("a\r\n\r\nb\r\n\r\n", 5)]
    public void First_empty_line_ends_the_head(string text, int expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        foreach (var input in Sequences.EveryCut(bytes).Append(Sequences.ByteByByte(bytes)))
        {
            Assert.True(WebSocketHandshake.TryFindHead(input, out var length));
            Assert.Equal(expected, length);
        }
    }

    [Fact]
    public void Bare_line_feeds_do_not_end_the_head()
    {
        Assert.False(WebSocketHandshake.TryFindHead(Bytes("GET / HTTP/1.1\n\n\n\n\r\n\n\r\n"), out _));
    }

    [Theory]
    [InlineData("UPGRADE: WEBSOCKET", "CONNECTION: UPGRADE")]
    [InlineData("upgrade: websocket", "connection: upgrade")]
    [InlineData("uPgRaDe:WebSocket", "cOnNeCtIoN:upGrade")]
    [InlineData("Upgrade:   websocket  ", "Connection:\tUpgrade\t")]
    [InlineData("Upgrade: websocket", "Connection: keep-alive, Upgrade")]
    [InlineData("Upgrade: websocket", "Connection: Upgrade,keep-alive")]
    [InlineData("Upgrade: websocket", "Connection: a,, ,upgrade ,b")]
    [InlineData("Upgrade: h2c, websocket", "Connection: Upgrade")]
    [InlineData("Upgrade: h2c\r\nUpgrade: websocket", "Connection: keep-alive\r\nConnection: Upgrade")]
    public void Names_in_any_case_and_token_lists_are_upgrades(string upgrade, string connection)
    {
        Assert.NotNull(Parse($"GET / HTTP/1.1\r\n{upgrade}\r\n{connection}\r\n\r\n"));
    }

    [Fact]
    public void Other_headers_in_any_case_are_read()
    {
        var request = Parse(
            "GET / HTTP/1.1\r\nhOST: h:1\r\nORIGIN: null\r\nsec-websocket-KEY: k\r\nSEC-WebSocket-version: 8\r\n" +
            "sec-websocket-protocol: sailfish.json\r\nSec-WebSocket-Protocol: ,sailfish.binary ,\r\n" +
            "Upgrade: websocket\r\nConnection: Upgrade\r\nX: y\r\n\r\n");
        Assert.NotNull(request);
        Assert.Equal("h:1", request.Host);
        Assert.Equal("null", request.Origin);
        Assert.Equal("k", request.Key);
        Assert.Equal("8", request.Version);
        Assert.Equal(["sailfish.json", "sailfish.binary"], request.Protocols);
    }

    [Fact]
    public void Headers_that_are_absent_are_null()
    {
        var request = Parse("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        Assert.NotNull(request);
        Assert.Null(request.Host);
        Assert.Null(request.Origin);
        Assert.Null(request.Key);
        Assert.Null(request.Version);
        Assert.Empty(request.Protocols);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1")]
    [InlineData("get / HTTP/1.1")]
    [InlineData("GET / HTTP/1.0")]
    [InlineData("GET / HTTP/2")]
    [InlineData("GET /")]
    [InlineData("GET / x HTTP/1.1")]
    [InlineData("GET  / HTTP/1.1")]
    [InlineData(" GET / HTTP/1.1")]
    [InlineData("GET")]
    [InlineData("")]
    public void Other_request_line_is_no_upgrade(string line)
    {
        Assert.Null(Parse($"{line}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"));
    }

    [Theory]
    [InlineData("Host: h")]
    [InlineData("Upgrade: websocket")]
    [InlineData("Connection: Upgrade")]
    [InlineData("Upgrade: h2c\r\nConnection: Upgrade")]
    [InlineData("Upgrade: websockets\r\nConnection: Upgrade")]
    [InlineData("Upgrade: websocket\r\nConnection: keep-alive")]
    [InlineData("Upgrade: websocket\r\nConnection: keep-alive Upgrade")]
    [InlineData("Upgrade: websocket\r\nX-Connection: Upgrade")]
    [InlineData("Upgrade websocket\r\nConnection Upgrade")]
    [InlineData(": websocket\r\nConnection: Upgrade")]
    public void Other_headers_are_no_upgrade(string headers)
    {
        Assert.Null(Parse($"GET / HTTP/1.1\r\n{headers}\r\n\r\n"));
    }

    [Theory]
    [InlineData("X: a\tb", true)]
    [InlineData("X: \u00e9\u0080", true)]
    [InlineData("X: a\u001b[2J", false)]
    [InlineData("X: a\0", false)]
    [InlineData("X: a\u007f", false)]
    [InlineData("X: a\rY: b", false)]
    [InlineData("X: a\nY: b", false)]
    [InlineData("X\u0001: a", false)]
    [InlineData("Host: other", false)]
    [InlineData("hOST: h", false)]
    public void Headers_that_HTTP_does_not_have_are_no_upgrade(string header, bool isUpgrade)
    {
        var request = Parse($"GET / HTTP/1.1\r\nHost: h\r\n{header}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        Assert.Equal(isUpgrade, request is not null);
    }

    [Fact]
    public void What_proxies_say_is_read_in_its_order()
    {
        var request = Parse(
            "GET / HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1, 192.0.2.2\r\nx-forwarded-for: 192.0.2.3\r\nX-Forwarded-Host: chat.example\r\n" +
            "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        Assert.NotNull(request);
        Assert.Equal("192.0.2.1, 192.0.2.2,192.0.2.3", request.ForwardedFor);
        Assert.Equal("chat.example", request.ForwardedHost);
    }

    [Theory]
    [InlineData("/eyJh%2Bb%25.c%20d/10001/1001/7", "/eyJh%2Bb%25.c%20d/10001/1001/7")]
    [InlineData("/a%zz/%", "/a%zz/%")]
    [InlineData("/a/../b//c", "/a/../b//c")]
    [InlineData("/ws?token=a%3Db&x", "/ws")]
    [InlineData("/ws?", "/ws")]
    [InlineData("/ws?a?b", "/ws")]
    [InlineData("?a", "")]
    [InlineData("/é", "/é")]
    public void Target_stays_raw_and_the_path_ends_at_the_query(string target, string path)
    {
        var request = Parse($"GET {target} HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        Assert.NotNull(request);
        Assert.Equal(target, request.Target);
        Assert.Equal(path, request.Path.ToString());
    }

    [Theory]
    [InlineData(SampleKey, true)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==", true)]
    [InlineData("+/+/+/+/+/+/+/+/+/+/+w==", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ", false)]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ=", false)]
    [InlineData(" dGhlIHNhbXBsZSBub25jZQ==", false)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA=", false)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAA", false)]
    [InlineData("AAAAAAAAAAAAAAAAAAAA====", false)]
    [InlineData("    AAAAAAAAAAAAAAAAAA==", false)]
    [InlineData("AAAAAAAAAA-_AAAAAAAAAA==", false)]
    [InlineData("AAAAAAAAAA\u00e9AAAAAAAAAAA==", false)]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!==", false)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false)]
    public void Key_is_valid_when_it_is_sixteen_bytes_in_base64(string? key, bool valid)
    {
        Assert.Equal(valid, WebSocketHandshake.IsValidKey(key));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("sailfish.json", "Sec-WebSocket-Protocol: sailfish.json\r\n")]
    public void Accept_is_written_with_the_subprotocol_chosen(string? protocol, string line)
    {
        var output = new ArrayBufferWriter<byte>();
        WebSocketHandshake.WriteAccept(output, SampleKey, protocol);
        Assert.Equal(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" + line + "\r\n",
            Encoding.ASCII.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("403 Forbidden", null, "")]
    [InlineData("426 Upgrade Required", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\n")]
    public void Refusal_is_written_without_a_body(string status, string? header, string line)
    {
        var output = new ArrayBufferWriter<byte>();
        WebSocketHandshake.WriteRefusal(output, status, header);
        Assert.Equal(
            $"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n{line}\r\n",
            Encoding.ASCII.GetString(output.WrittenSpan));
    }

    private static WebSocketRequest? Parse(string head) => WebSocketHandshake.Parse(Bytes(head));

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.Latin1.GetBytes(text));
}
