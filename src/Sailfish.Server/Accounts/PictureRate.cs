using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Accounts;

/// <summary>How often one account may change its picture: drawing it takes more time than anything else that it may ask for.</summary>
internal sealed class PictureRate(IOptions<AccountOptions> options) : IDisposable
{
    /// <summary>At once, until somebody is content.</summary>
    private const int Burst = 20;

    private readonly PartitionedRateLimiter<long> _limiter = PartitionedRateLimiter.Create<long, long>(id => Partition(id, options.Value.PicturesPerMinute));

    public bool TryTake(long accountId, out TimeSpan retryAfter)
    {
        using var lease = _limiter.AttemptAcquire(accountId);
        lease.TryGetMetadata(MetadataName.RetryAfter, out retryAfter);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    private static RateLimitPartition<long> Partition(long id, int perMinute) => perMinute == 0
        ? RateLimitPartition.GetNoLimiter(id)
        : RateLimitPartition.GetTokenBucketLimiter(id, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / perMinute),
        });
}
