namespace Sailfish.LoadTest.Harness;

/// <summary>What carries hurries between nodes.</summary>
internal enum ClusterBus
{
    /// <summary>The database that they share.</summary>
    Postgres,

    /// <summary>A nats-server beside it.</summary>
    Nats,
}
