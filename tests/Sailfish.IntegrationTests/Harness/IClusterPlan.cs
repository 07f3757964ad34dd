namespace Sailfish.IntegrationTests.Harness;

/// <summary>How the nodes of a <see cref="ClusterFixture{T}"/> are made.</summary>
public interface IClusterPlan
{
    static abstract ClusterPlan Plan { get; }
}

/// <summary>Three nodes that nobody disturbs, with NOTIFY between them.</summary>
public sealed class Undisturbed : IClusterPlan
{
    public static ClusterPlan Plan => new() { Settings = [.. ClusterPlan.Usual, "Living:AnchorAwaySeconds=10"] };
}

/// <summary>Three nodes with NOTIFY between them, whose database can be held, killed, and lose its answers.</summary>
public sealed class Disturbed : IClusterPlan
{
    public static ClusterPlan Plan => Undisturbed.Plan with { HasOwnPostgres = true, HasProxies = true };
}

/// <summary>Three nodes with NATS between them.</summary>
public sealed class WithNats : IClusterPlan
{
    public static ClusterPlan Plan => new() { HasNats = true };
}

/// <summary>Three nodes, the first two of which can be asked for their streams.</summary>
public sealed class Relaying : IClusterPlan
{
    public static ClusterPlan Plan => new() { HasFixedPorts = true, Advertising = 2, Settings = [.. ClusterPlan.Usual, "Living:AnchorAwaySeconds=600"] };
}
