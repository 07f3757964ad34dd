using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Sailfish.Server.Gateway;
using Sailfish.Server.Sessions;

namespace Sailfish.Server.Messaging;

/// <summary>Messages a second of one session: a token bucket, made with the session's first message.</summary>
internal sealed class MessageRate(IOptions<LimitsOptions> options)
{
    public bool TryAcquire(Session session, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (options.Value.MessagesPerSecond == 0)
            return true;
        var limiter = session.MessageRate ??= Create();
        // No timer a session: the bucket is filled when it is looked at.
        limiter.TryReplenish();
        using var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired)
            return true;
        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1.0 / options.Value.MessagesPerSecond);
        return false;
    }

    private TokenBucketRateLimiter Create()
    {
        var limits = options.Value;
        // Ten fills a second, or one for each message where there are fewer.
        var tokens = Math.Max(1, limits.MessagesPerSecond / 10);
        return new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = Math.Max(limits.MessagesBurst, tokens),
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)tokens / limits.MessagesPerSecond),
            QueueLimit = 0,
            AutoReplenishment = false,
        });
    }
}
