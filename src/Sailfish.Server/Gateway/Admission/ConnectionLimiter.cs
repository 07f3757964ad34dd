using System.Runtime.InteropServices;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Gateway.Admission;

/// <summary>Connections of one address: new ones a second, and open ones.</summary>
internal sealed class ConnectionLimiter : IDisposable
{
    /// <summary>When one of the open ones ends is anybody's guess.</summary>
    private static readonly TimeSpan WaitForEnd = TimeSpan.FromSeconds(5);

    private readonly PartitionedRateLimiter<ClientAddress>? _limiter;
    private readonly int _maxOpen;
    private readonly Dictionary<ClientAddress, int> _open = [];

    public ConnectionLimiter(IOptions<LimitsOptions> options)
    {
        _maxOpen = options.Value.ConnectionsPerIp;
        var perSecond = options.Value.ConnectionsPerIpPerSecond;
        if (perSecond == 0)
            return;
        _limiter = PartitionedRateLimiter.Create<ClientAddress, ClientAddress>(address => RateLimitPartition.GetTokenBucketLimiter(
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

    /// <summary>Counts one more, until it leaves; or says after which time to try again.</summary>
    public bool TryEnter(ClientAddress address, out TimeSpan retryAfter)
    {
        if (!TryOpen(address))
        {
            retryAfter = WaitForEnd;
            return false;
        }

        if (IsInRate(address, out retryAfter))
            return true;
        Leave(address);
        return false;
    }

    public void Leave(ClientAddress address)
    {
        if (_maxOpen == 0)
            return;
        lock (_open)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(_open, address);
            if (--count == 0)
                _open.Remove(address);
        }
    }

    public void Dispose() => _limiter?.Dispose();

    private bool TryOpen(ClientAddress address)
    {
        if (_maxOpen == 0)
            return true;
        lock (_open)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, address, out _);
            if (count >= _maxOpen)
                return false;
            count++;
            return true;
        }
    }

    private bool IsInRate(ClientAddress address, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (_limiter is null)
            return true;
        using var lease = _limiter.AttemptAcquire(address);
        if (lease.IsAcquired)
            return true;
        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
        return false;
    }
}
