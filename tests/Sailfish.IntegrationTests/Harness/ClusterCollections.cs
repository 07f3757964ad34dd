namespace Sailfish.IntegrationTests.Harness;

/// <summary>What several nodes promise when nothing is wrong.</summary>
[CollectionDefinition(nameof(ThreeNodes))]
public sealed class ThreeNodes : ICollectionFixture<ClusterFixture<Undisturbed>>;

/// <summary>What several nodes promise while one of them, the database or NOTIFY is away.</summary>
[CollectionDefinition(nameof(ThreeNodesInTrouble))]
public sealed class ThreeNodesInTrouble : ICollectionFixture<ClusterFixture<Disturbed>>;

/// <summary>The same with NATS.</summary>
[CollectionDefinition(nameof(ThreeNodesWithNats))]
public sealed class ThreeNodesWithNats : ICollectionFixture<ClusterFixture<WithNats>>;
