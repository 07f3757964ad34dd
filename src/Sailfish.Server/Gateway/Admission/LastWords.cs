using System.Buffers;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Dialects;
using Sailfish.Protocol.Frames;
using Sailfish.Protocol.WebSockets;
using Sailfish.Server.Gateway.Listening;
using Sailfish.Server.Hosting;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway.Admission;

/// <summary>What those hear who are refused before anything was read from them.</summary>
internal static class LastWords
{
    public const string TooMany = "Too many new connections from this address.";

    /// <summary>Until there may be a place again.</summary>
    public const int FullSeconds = 5;

    /// <summary>One frame on the TCP port, nothing to an encoder, one answer of HTTP on the others.</summary>
    public static ReadOnlyMemory<byte> Of(GatewayPort port, Refusal refusal, TimeSpan retryAfter) => port switch
    {
        GatewayPort.Tcp => Frame(refusal, retryAfter),
        GatewayPort.Rtmp => default,
        _ => Answer(refusal, retryAfter),
    };

    private static byte[] Frame(Refusal refusal, TimeSpan retryAfter)
    {
        var bye = ByeBody.Of(ByeReason.ServerFull, afterMs: FullSeconds * 1000);
        var error = new ErrorBody { Error = ErrorWords.RateLimited, Message = TooMany, RetryAfterMs = Connection.MillisecondsOf(retryAfter) };
        var frame = refusal == Refusal.ServerFull
            ? FrameEncoder.Encode(Dialect.Binary, FrameCode.Bye, bye, BodyJson.Wire.ByeBody)
            : FrameEncoder.Encode(Dialect.Binary, FrameCode.Error, error, BodyJson.Wire.ErrorBody);
        return frame.ToArray();
    }

    private static ReadOnlyMemory<byte> Answer(Refusal refusal, TimeSpan retryAfter)
    {
        var answer = new ArrayBufferWriter<byte>(128);
        var (status, wait) = refusal switch
        {
            Refusal.ServerFull => ("503 Service Unavailable", TimeSpan.FromSeconds(FullSeconds)),
            Refusal.TooManyOfAddress => ("429 Too Many Requests", retryAfter),
            _ => ("400 Bad Request", default),
        };
        WebSocketHandshake.WriteRefusal(answer, status, wait == default ? null : $"Retry-After: {RetryAfter.SecondsOf(wait)}");
        return answer.WrittenMemory;
    }
}
