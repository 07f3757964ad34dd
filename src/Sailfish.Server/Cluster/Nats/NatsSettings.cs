using NATS.Client.Core;
using Sailfish.Server.Nodes;

namespace Sailfish.Server.Cluster.Nats;

/// <summary>How the bus connects to NATS.</summary>
internal static class NatsSettings
{
    /// <summary>Frames that wait for the receiver; beyond them the newest are dropped, which is told.</summary>
    private const int Waiting = 4096;

    /// <summary>The credentials are no part of the address, so that nothing that names the address tells them.</summary>
    public static NatsOpts Of(NatsAddress address, string name) => NatsOpts.Default with
    {
        Url = address.Servers,
        Name = name,
        AuthOpts = new NatsAuthOpts { Username = address.User, Password = address.Password, Token = address.Token },
        // What this node broadcasts it knows.
        Echo = false,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        // A server that hangs is noticed after some 3 s.
        PingInterval = TimeSpan.FromSeconds(1),
        MaxPingOut = 2,
        // For ever, also after the server has refused the credentials twice: they may be mended there.
        MaxReconnectRetry = -1,
        IgnoreAuthErrorAbort = true,
        ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
        ReconnectWaitMax = TimeSpan.FromSeconds(1),
        ReconnectJitter = TimeSpan.FromMilliseconds(100),
        SubPendingChannelCapacity = Waiting,
        // Without the inbox that a connection else subscribes to for answers: questions go by frames.
        RequestReplyMode = NatsRequestReplyMode.SharedInbox,
    };
}
