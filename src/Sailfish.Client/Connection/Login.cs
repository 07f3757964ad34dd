using Sailfish.Client.Transports;
using Sailfish.Protocol.Bodies;
using Sailfish.Protocol.Frames;

namespace Sailfish.Client.Connection;

/// <summary>Connects and logs in.</summary>
internal sealed class Login(SailfishClientOptions options)
{
    private const int ModernProtocol = 2;
    private static readonly TimeSpan DefaultHeartbeat = TimeSpan.FromSeconds(30);
    private readonly string _deviceId = options.DeviceId ?? Guid.CreateVersion7(options.TimeProvider.GetUtcNow()).ToString("N");

    /// <summary>A logged-in connection; <see cref="SailfishException"/> when there is none to be had.</summary>
    public async Task<Session> OpenAsync(CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await OpenWithinAsync(either.Token);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SailfishException(ClientErrors.Unreachable, $"{options.Endpoint} did not answer in time", null, e);
        }
        catch (Exception e) when (ConnectionFaults.Contains(e))
        {
            throw new SailfishException(ClientErrors.Unreachable, $"{options.Endpoint} cannot be reached: {e.Message}", null, e);
        }
    }

    private async Task<Session> OpenWithinAsync(CancellationToken cancellation)
    {
        var token = await GetTokenAsync(cancellation);
        var transport = await Transport.ConnectAsync(options, cancellation);
        try
        {
            await transport.WriteAsync([Request(token)], cancellation);
            var reply = await ReadReplyAsync(transport, cancellation);
            var heartbeat = reply.HeartbeatSeconds is > 0 and { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultHeartbeat;
            return new Session(transport, heartbeat, options.TimeProvider);
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    private async Task<string> GetTokenAsync(CancellationToken cancellation)
    {
#pragma warning disable CA1031 // The provider is the application's and may throw anything; its exception is handed on.
        try
        {
            // A provider that minds no cancellation holds up neither the timeout nor the end of the client.
            return await options.TokenProvider(cancellation).AsTask().WaitAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            throw new SailfishException(ClientErrors.TokenUnavailable, $"the token provider threw: {e.Message}", null, e);
        }
#pragma warning restore CA1031
    }

    private OutboundFrame Request(string token) => OutboundFrame.Of(
        FrameCode.Login,
        new LoginRequest
        {
            Token = token,
            AppId = options.AppId,
            UserId = options.UserId,
            DeviceId = _deviceId,
            Platform = options.Platform,
            Protocol = ModernProtocol,
            Features = options.RoomState ? [FeatureWords.State] : null,
        },
        BodyJson.Wire.LoginRequest);

    private static async Task<SessionReply> ReadReplyAsync(ITransport transport, CancellationToken cancellation)
    {
        while (await transport.ReadAsync(cancellation) is { } frame)
        {
            if (frame.Code == FrameCode.Login)
                return frame.Read(BodyJson.Wire.SessionReply);
            if (frame.Code == FrameCode.Error)
                throw SailfishException.From(frame.Read(BodyJson.Wire.ErrorBody));
            if (frame.Code == FrameCode.Bye)
                throw SailfishException.From(frame.Read(BodyJson.Wire.ByeBody));
        }

        throw SailfishException.ConnectionLost();
    }
}
