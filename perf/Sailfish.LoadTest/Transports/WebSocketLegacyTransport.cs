using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sailfish.LoadTest.Bodies;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;

namespace Sailfish.LoadTest.Transports;

/// <summary>The seed's WebSocket: the path logs in, text goes both ways, bodies come as lists of signed bytes.</summary>
internal sealed class WebSocketLegacyTransport : WebSocketTransport
{
    private static readonly byte[] MessageStart = "{\"body\":["u8.ToArray();
    private static readonly byte[] CodeMark = "],\"code\":"u8.ToArray();

    private readonly ArrayBufferWriter<byte> _text = new();
    private byte[] _body = new byte[4096];

    internal WebSocketLegacyTransport()
        : base(WebSocketOpcode.Text)
    {
    }

    internal override int Protocol => 1;

    internal override bool LogsInByOpening => true;

    internal override void Write(IBufferWriter<byte> output, FrameCode code, ReadOnlySpan<byte> body)
    {
        _text.ResetWrittenCount();
        _text.Write(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{{\"magic\":{BinaryFrame.Magic},\"code\":{(int)code},\"len\":{body.Length},\"body\":\"")));
        _text.Write(JsonEncodedText.Encode(body, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        _text.Write("\"}"u8);
        WriteMessage(output, _text.WrittenSpan);
    }

    protected override string Path(string token, long userId) =>
        string.Create(CultureInfo.InvariantCulture, $"/{token}/{userId}");

    protected override void ReadMessage(ReadOnlyMemory<byte> payload, IFrameSink sink)
    {
        var text = payload.Span;
        var end = text.LastIndexOf(CodeMark);
        if (!text.StartsWith(MessageStart) || end < 0)
            throw new LoadTestException($"The server sent no frame: {Encoding.UTF8.GetString(text)}");
        var length = Decode(text[MessageStart.Length..end]);
        sink.OnFrame((FrameCode)NumberScanner.Digits(text[(end + CodeMark.Length)..]), _body.AsSpan(0, length));
    }

    /// <summary>Turns <c>123,34,-61</c> into bytes; returns how many. A parser per number would cost more than the server.</summary>
    private int Decode(ReadOnlySpan<byte> numbers)
    {
        if (_body.Length < numbers.Length)
            _body = new byte[numbers.Length * 2];
        var (length, value, sign) = (0, 0, 1);
        foreach (var character in numbers)
        {
            if (character == (byte)',')
            {
                _body[length++] = (byte)(sign * value);
                (value, sign) = (0, 1);
            }
            else if (character == (byte)'-')
            {
                sign = -1;
            }
            else
            {
                value = (value * 10) + (character - '0');
            }
        }

        _body[length++] = (byte)(sign * value);
        return length;
    }
}
