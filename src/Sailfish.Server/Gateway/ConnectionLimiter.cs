using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Gateway;

/// <summary>New connections a second from one address.</summary>
internal sealed class ConnectionLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress>? _limiter;

    public ConnectionLimiter(IOptions<LimitsOptions> options)
    {
        var perSecond = options.Value.ConnectionsPerIpPerSecond;
        if (perSecond == 0)
            return;
        _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetTokenBucketLimiter(
            address,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = perSecond,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
                AutoReplenishment = true,
            }));
    }

    public bool TryAcquire(EndPoint? remote, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (_limiter is null || remote is not IPEndPoint { Address: var address })
            return true;
        using var lease = _limiter.AttemptAcquire(address);
        if (lease.IsAcquired)
            return true;
        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
        return false;
    }

    public void Dispose() => _limiter?.Dispose();
}
