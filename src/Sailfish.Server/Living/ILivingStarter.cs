using Sailfish.Server.Accounts;

namespace Sailfish.Server.Living;

/// <summary>Starts living rooms under ids that go up, none twice, and none that anybody has used before.</summary>
internal interface ILivingStarter
{
    /// <summary>The anchor's new room, listed, or the one that he has open. One call at a time.</summary>
    /// <param name="room">Without an id.</param>
    /// <param name="anchor">Whose it is.</param>
    /// <param name="cancellationToken">Cancels it as long as nothing is stored.</param>
    Task<LivingRoom> StartAsync(LivingRoomRow room, Account anchor, CancellationToken cancellationToken);
}
