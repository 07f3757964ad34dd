using Microsoft.Extensions.Options;
using Sailfish.Server.Accounts;
using Sailfish.Server.Hosting;
using Sailfish.Server.Living;
using Sailfish.Server.Pacing;

namespace Sailfish.Server.Page;

/// <summary>How often an account may call the page's API and change its picture, and how many likes it may give.</summary>
internal sealed class PageRate(IOptions<AccountOptions> accounts, IOptions<LivingOptions> living, TimeProvider time)
{
    /// <summary>A viewer who presses as fast as the page lets him sends about this many full requests a second.</summary>
    private const int LikeRequestsPerSecond = 4;
    private const int LikeSeconds = 10;

    /// <summary>Pictures at once, until somebody is content.</summary>
    private const int PictureBurst = 20;

    private readonly PaceTable _calls = new(new Rate(accounts.Value.CallsPerSecond, accounts.Value.CallsBurst), time);

    /// <summary>By address: whoever comes without an account may be anybody, and anybody again.</summary>
    private readonly PaceTable _guestCalls = new(new Rate(accounts.Value.CallsPerSecond, accounts.Value.CallsBurst), time);

    private readonly PaceTable _likes = new(
        new Rate(
            accounts.Value.CallsPerSecond == 0 ? 0 : LikeRequestsPerSecond * living.Value.MaxLikesPerRequest,
            LikeSeconds * LikeRequestsPerSecond * living.Value.MaxLikesPerRequest),
        time);

    /// <summary>One in ten seconds.</summary>
    private const int CoversPerMinute = 6;

    private readonly PaceTable _covers = new(Rate.PerMinute(accounts.Value.CallsPerSecond == 0 ? 0 : CoversPerMinute, 1), time);

    private readonly PaceTable _pictures = new(Rate.PerMinute(accounts.Value.PicturesPerMinute, PictureBurst), time);

    /// <summary>How long to wait; null when the call may be made.</summary>
    public TimeSpan? TakeCall(long account) => _calls.Take(account, 1);

    /// <summary>How long to wait; null when somebody without an account may make the call.</summary>
    public TimeSpan? TakeGuestCall(ClientAddress address) => _guestCalls.Take(unchecked((long)address.Number), 1);

    /// <summary>How long to wait; null when so many likes may be given.</summary>
    public TimeSpan? TakeLikes(long account, int count) => _likes.Take(account, Math.Clamp(count, 1, living.Value.MaxLikesPerRequest));

    /// <summary>How long to wait; null when a cover may be drawn.</summary>
    public TimeSpan? TakeCover(long account) => _covers.Take(account, 1);

    /// <summary>How long to wait; null when a picture may be uploaded. To draw it takes more time than anything else that may be asked for.</summary>
    public TimeSpan? TakePicture(long account) => _pictures.Take(account, 1);
}
