namespace Sailfish.Server.Sessions;

/// <summary>What sessions ask of delivery where there are several nodes.</summary>
internal interface ISessionDelivery
{
    /// <summary>Done when the acks that have come until now are stored, so that other nodes see them, or could not be.</summary>
    Task SaveAcksAsync();

    /// <summary>A session was let in before other nodes could know of it: what was sent to its user since may be missing.</summary>
    void Registered(TimeSpan age);

    /// <summary>The store had lost who is here, and has it again: what was sent meanwhile may be missing.</summary>
    void StoreBeganAnew();
}
