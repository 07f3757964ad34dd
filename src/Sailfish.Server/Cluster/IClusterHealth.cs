namespace Sailfish.Server.Cluster;

/// <summary>How this node gets on with the others. A server that is alone has none.</summary>
internal interface IClusterHealth
{
    BusHealth Health { get; }

    /// <summary>Whether another node that is heard reaches the database: then this one, if it does not, is the one that is cut off.</summary>
    bool IsDatabaseOkElsewhere { get; }
}
