using System.Globalization;
using System.Text;
using Sailfish.Protocol.Frames;

namespace Sailfish.LoadTest.Bodies;

/// <summary>
/// The body of a chat message whose binary frame has a given size. Only the digits of <c>clientMsgId</c> change from
/// one message to the next.
/// </summary>
internal sealed class MessageTemplate
{
    /// <summary>Digits of <c>clientMsgId</c>.</summary>
    internal const int IdDigits = 8;

    private const string BeforeId = "{\"bizCode\":5555,\"clientMsgId\":\"";

    private static readonly byte[] RoomMark = "roomId\\\":"u8.ToArray();

    private readonly byte[] _body;

    private MessageTemplate(string target, int frameSize)
    {
        var start = BeforeId + new string('0', IdDigits) + "\",\"data\":\"{\\\"" + target + ",\\\"content\\\":\\\"";
        const string End = "\\\"}\"}";
        var content = frameSize - BinaryFrame.HeaderSize - start.Length - End.Length;
        if (content < 1)
            throw new LoadTestException($"--frame {frameSize}: at least {frameSize + 1 - content} are needed.");
        _body = Encoding.ASCII.GetBytes(start + new string('x', content) + End);
    }

    internal static MessageTemplate ToRoom(long room, int frameSize) =>
        new(string.Create(CultureInfo.InvariantCulture, $"roomId\\\":{room}"), frameSize);

    internal static MessageTemplate ToUser(long user, int frameSize) =>
        new(string.Create(CultureInfo.InvariantCulture, $"objectId\\\":{user}"), frameSize);

    /// <summary>The room of a body that <see cref="ToRoom"/> made.</summary>
    internal static int RoomOf(ReadOnlySpan<byte> body) => NumberScanner.Digits(body[(body.IndexOf(RoomMark) + RoomMark.Length)..]);

    /// <summary>The body of the sender's message <paramref name="number"/>, valid until the next call.</summary>
    internal ReadOnlySpan<byte> Body(int number)
    {
        number.TryFormat(_body.AsSpan(BeforeId.Length, IdDigits), out _, "D8", CultureInfo.InvariantCulture);
        return _body;
    }
}
