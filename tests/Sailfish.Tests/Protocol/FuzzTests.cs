using System.Buffers;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.Tests.Protocol;

/// <summary>
/// Mutated inputs through every parser. Each input is parsed three times: alone, inside a larger buffer that would
/// make it whole, and cut into segments. What comes of it must be the same, so no byte past the end has a say.
/// </summary>
public sealed class FuzzTests
{
    private const int Seed = 6455;

    private static readonly string[] Bodies =
    [
        """{"token":"a.b.c","userId":10001,"appId":"5","deviceId":"d","protocol":2,"platform":"web"}""",
        """{"appId":1,"userId":10001,"data":"true","connectionId":"c","heartbeatSeconds":30,"rooms":{"7":2,"8":0}}""",
        """{"appId":1,"userId":"10002","bizCode":5555,"data":"{\"content\":\"h\u00e9 \ud83d\ude00 你\"}","msgId":"m","seq":3,"time":1750000000000}""",
        """{"msgId":"m","conversation":"d:10001:10002","seq":"7"}""",
        """{"clientMsgId":"k","msgId":"m","conversation":"r:1","seq":3,"time":4}""",
        """{"error":"muted","message":"Wait.","clientMsgId":"k","retryAfterMs":5,"conversation":"r:1","roomId":1}""",
        """{"after":{"d:10001:10002":4,"r:1":"9007199254740991"},"limit":500,"x":[1.5e-3,null,{"y":false}]}""",
        """{"messages":[{"appId":1,"userId":2,"bizCode":3,"data":"{}"},{}],"more":true,"truncated":true,"firstSeq":{"r:1":9}}""",
        """{"roomId":"77","history":100}""",
        """{"roomId":1,"conversation":"r:1","seq":0,"viewers":1,"reason":"removed"}""",
        """{"reason":"draining","reconnect":true,"afterMs":250}""",
        "{}",
    ];

    private static readonly byte[][] BodySamples = [.. Bodies.Select(Encoding.UTF8.GetBytes)];

    [Fact]
    public void Mutated_binary_frames_are_read_or_refused()
    {
        byte[][] samples =
        [
            .. BodySamples.Select((body, at) => Written(output => BinaryFrame.Write(output, (FrameCode)(1001 + (at % 11)), body))),
            Written(output =>
            {
                foreach (var body in BodySamples)
                    BinaryFrame.Write(output, FrameCode.Message, body);
            }),
        ];
        Fuzz(samples, 40_000, (_, sequence) => ReadFrames(sequence));
    }

    [Fact]
    public void Mutated_JSON_envelopes_are_read_or_refused()
    {
        byte[][] samples =
        [
            .. BodySamples.Select((body, at) => Written(output => JsonEnvelope.Write(output, (FrameCode)(1001 + (at % 11)), body))),
            """{"b\u006fdy":{"a":1},"\u0063ode":1004}"""u8.ToArray(),
        ];
        Fuzz(samples, 25_000, (memory, _) =>
        {
            var status = JsonEnvelope.TryRead(memory, out var frame);
            return Describe(status, frame, memory.Length, FrameReadStatus.BadEnvelope, FrameReadStatus.UnknownCode);
        });
    }

    [Fact]
    public void Mutated_legacy_envelopes_are_read_or_refused()
    {
        byte[][] samples =
        [
            .. Bodies.Select((body, at) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                new { magic = 18673, code = 1001 + (at % 11), len = body.Length, body })),
            """{"b\u006fdy":"{\"a\":\"\ud83d\ude00\"}","\u0063ode":1004}"""u8.ToArray(),
            """{"code":1004,"body":{"a":1}}"""u8.ToArray(),
        ];
        Fuzz(samples, 25_000, (memory, _) =>
        {
            var status = LegacyEnvelope.TryRead(memory, out var frame);
            return Describe(status, frame, memory.Length, FrameReadStatus.BadEnvelope, FrameReadStatus.UnknownCode);
        });
    }

    [Fact]
    public void Mutated_bodies_are_read_or_refused_by_every_type()
    {
        Fuzz(BodySamples, 6_000, (_, sequence) => string.Join('|',
            BodyJson.IsObject(sequence),
            ReadBody(sequence, BodyJson.Wire.LoginRequest),
            ReadBody(sequence, BodyJson.Wire.SessionReply),
            ReadBody(sequence, BodyJson.Wire.MessageBody),
            ReadBody(sequence, BodyJson.Wire.AckBody),
            ReadBody(sequence, BodyJson.Wire.ReceiptBody),
            ReadBody(sequence, BodyJson.Wire.ErrorBody),
            ReadBody(sequence, BodyJson.Wire.SyncRequest),
            ReadBody(sequence, BodyJson.Wire.SyncReply),
            ReadBody(sequence, BodyJson.Wire.RoomRequest),
            ReadBody(sequence, BodyJson.Wire.RoomReply),
            ReadBody(sequence, BodyJson.Wire.ByeBody)));
    }

    [Fact]
    public void Mutated_WebSocket_heads_are_read_or_refused()
    {
        byte[][] samples =
        [
            Convert.FromHexString("818537FA213D7F9F4D5158"),
            Convert.FromHexString("82FE007E37FA213D"),
            Convert.FromHexString("02FF000000000001000037FA213D"),
            Convert.FromHexString("808037FA213D"),
            Convert.FromHexString("888237FA213D34120000"),
            Convert.FromHexString("89FD37FA213D"),
            Convert.FromHexString("82FF7FFFFFFFFFFFFFFF37FA213D"),
        ];
        Fuzz(samples, 60_000, (_, sequence) =>
        {
            var status = WebSocketFrame.TryReadHeader(sequence, out var header);
            if (status != WebSocketFrame.HeaderStatus.Header)
            {
                Assert.Equal(default, header);
                Assert.True(status == WebSocketFrame.HeaderStatus.ProtocolError || sequence.Length < 14);
                return status.ToString();
            }

            Assert.InRange(header.Size, 6, sequence.Length);
            Assert.True(header.PayloadLength >= 0);
            Assert.True(Enum.IsDefined(header.Opcode));
            Assert.True(!header.IsControl || (header.Fin && header.PayloadLength <= 125));
            var payload = sequence.Slice(header.Size).ToArray();
            WebSocketFrame.Unmask(payload, header.MaskKey, payload.Length);
            return header + Convert.ToHexString(payload);
        });
    }

    [Fact]
    public void Mutated_handshakes_are_parsed_or_refused()
    {
        string[] samples =
        [
            "GET /chat?x=1 HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://example.com\r\n" +
            "Sec-WebSocket-Protocol: chat, superchat\r\nSec-WebSocket-Version: 13\r\n\r\n",
            "GET /a%2Bb.c.d/10001/1001/7 HTTP/1.1\r\nupgrade:websocket\r\nconnection:upgrade\r\nsec-websocket-key:\t k \r\n\r\n",
            "POST / HTTP/1.0\r\n\r\n",
            "\r\n\r\n",
        ];
        Fuzz([.. samples.Select(Encoding.ASCII.GetBytes)], 40_000, (_, sequence) =>
        {
            var found = WebSocketHandshake.TryFindHead(sequence, out var length);
            Assert.InRange(length, found ? 4 : 0, found ? sequence.Length : 0);
            // A head that has not ended is parsed, too: nothing in it may throw, whoever asks.
            var request = WebSocketHandshake.Parse(found ? sequence.Slice(0, length) : sequence);
            if (request is null)
                return $"{length}";
            Assert.DoesNotContain(' ', request.Target);
            Assert.DoesNotContain('?', request.Path.ToString());
            Assert.StartsWith(request.Path.ToString(), request.Target, StringComparison.Ordinal);
            Assert.All(request.Protocols, protocol => Assert.NotEmpty(protocol));
            var valid = WebSocketHandshake.IsValidKey(request.Key);
            return string.Join('|', length, request.Target, request.Host, request.Origin, request.Key, valid, request.Version, string.Join(',', request.Protocols));
        });
    }

    /// <summary>Parses every input in its three settings; <paramref name="parse"/> tells all that came of it.</summary>
    private static void Fuzz(byte[][] samples, int rounds, Func<ReadOnlyMemory<byte>, ReadOnlySequence<byte>, string> parse)
    {
        var mutator = new Mutator(Seed, samples);
        for (var round = 0; round < rounds; round++)
        {
            var input = mutator.Next();
            try
            {
                var alone = parse(input, new ReadOnlySequence<byte>(input));
                byte[] around = [0x7B, 0x22, .. input, .. mutator.Tail(input.Length)];
                var inside = around.AsMemory(2, input.Length);
                Assert.Equal(alone, parse(inside, new ReadOnlySequence<byte>(inside)));
                Assert.Equal(alone, parse(inside, Sequences.InLengths(inside, mutator.Lengths())));
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {Seed}, round {round}, input {Convert.ToHexString(input)}: {exception}");
            }
        }
    }

    private static string ReadFrames(ReadOnlySequence<byte> input)
    {
        const int maxBody = 1_000;
        var told = new StringBuilder();
        while (true)
        {
            var before = input.Length;
            var status = BinaryFrame.TryRead(ref input, maxBody, out var frame);
            told.Append(Describe(
                status, frame, maxBody,
                FrameReadStatus.NeedMore, FrameReadStatus.BadMagic, FrameReadStatus.UnknownCode, FrameReadStatus.BadLength));
            // Each frame takes its bytes and no others; anything else takes none. So this ends.
            Assert.Equal(status == FrameReadStatus.Frame ? before - 10 - frame.Body.Length : before, input.Length);
            if (status != FrameReadStatus.Frame)
                return told.ToString();
        }
    }

    private static string Describe(FrameReadStatus status, Frame frame, int maxBody, params ReadOnlySpan<FrameReadStatus> refusals)
    {
        if (status != FrameReadStatus.Frame)
        {
            Assert.True(refusals.Contains(status), $"{status}");
            Assert.Equal(default, frame);
            return status.ToString();
        }

        Assert.True(Enum.IsDefined(frame.Code));
        Assert.True(frame.Body.Length <= maxBody);
        return $"{frame.Code} {Convert.ToHexString(frame.Body.ToArray())};";
    }

    private static string ReadBody<T>(ReadOnlySequence<byte> sequence, JsonTypeInfo<T> type)
        where T : class
    {
        if (!BodyJson.TryRead(sequence, type, out var value))
        {
            Assert.Null(value);
            return "no";
        }

        // What is read is an object, and can be written and read again.
        Assert.True(BodyJson.IsObject(sequence));
        var bytes = BodyJson.ToBytes(value, type);
        Assert.True(BodyJson.TryRead(new ReadOnlySequence<byte>(bytes), type, out var again));
        Assert.Equal(bytes, BodyJson.ToBytes(again, type));
        return Encoding.UTF8.GetString(bytes);
    }

    private static byte[] Written(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
