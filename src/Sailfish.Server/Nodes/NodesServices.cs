namespace Sailfish.Server.Nodes;

internal static class NodesServices
{
    /// <summary>
    /// The clock that everybody takes: what is stamped, and what ends, is the same for all who share a store. For a server
    /// that is alone it is the system's. The lease comes with the store, which numbers the starts.
    /// </summary>
    public static IServiceCollection AddNodes(this IServiceCollection services) => services.AddSingleton(TimeProvider.System);
}
