using Sailfish.Server.Sessions;

namespace Sailfish.Server.Delivery;

/// <summary>What delivery does for sessions where there are several nodes.</summary>
internal sealed class SessionDelivery(AckSaver acks, SequencerRepair repair) : ISessionDelivery
{
    /// <summary>How far back it is looked when the store has lost something: further than any transaction takes.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromMinutes(1);

    public Task SaveAcksAsync() => acks.WhenSavedAsync();

    public void Registered(TimeSpan age) => repair.Ask(RepairReason.LateSession, age);

    public void StoreBeganAnew() => repair.Ask(RepairReason.StoreBeganAnew, LookBack);
}
