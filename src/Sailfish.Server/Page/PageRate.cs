using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Living;

namespace Sailfish.Server.Page;

/// <summary>How often an account may call the page's API, and how many likes it may give.</summary>
internal sealed class PageRate(IOptions<AccountOptions> accounts, IOptions<LivingOptions> living) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>A viewer who presses as fast as the page lets him sends about this many full requests a second.</summary>
    private const int LikeRequestsPerSecond = 4;
    private const int LikeSeconds = 10;

    private readonly PartitionedRateLimiter<long> _calls = Limit(accounts.Value.CallsPerSecond, accounts.Value.CallsBurst);

    private readonly PartitionedRateLimiter<long> _likes = Limit(
        accounts.Value.CallsPerSecond == 0 ? 0 : LikeRequestsPerSecond * living.Value.MaxLikesPerRequest,
        LikeSeconds * LikeRequestsPerSecond * living.Value.MaxLikesPerRequest);

    /// <summary>How long to wait; null when the call may be made.</summary>
    public TimeSpan? TakeCall(long account) => Take(_calls, account, 1);

    /// <summary>How long to wait; null when so many likes may be given.</summary>
    public TimeSpan? TakeLikes(long account, int count) => Take(_likes, account, Math.Clamp(count, 1, living.Value.MaxLikesPerRequest));

    public void Dispose()
    {
        _calls.Dispose();
        _likes.Dispose();
    }

    private static TimeSpan? Take(PartitionedRateLimiter<long> limiter, long account, int count)
    {
        using var lease = limiter.AttemptAcquire(account, count);
        if (lease.IsAcquired)
            return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Period;
    }

    private static PartitionedRateLimiter<long> Limit(int perSecond, int burst) => PartitionedRateLimiter.Create<long, long>(account =>
        perSecond == 0
            ? RateLimitPartition.GetNoLimiter(account)
            : RateLimitPartition.GetTokenBucketLimiter(account, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = burst,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = Period,
                // The partitions' owner does it, with one timer for all.
                AutoReplenishment = false,
            }));
}
