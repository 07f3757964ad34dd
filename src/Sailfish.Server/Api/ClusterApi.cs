namespace Sailfish.Server.Api;

internal static class ClusterApi
{
    public static void MapCluster(this RouteGroupBuilder api) =>
        api.MapGet("/cluster", (ClusterStatus status) => TypedResults.Ok(status.Read()))
            .WithName("GetCluster").WithTags("Cluster").WithSummary("The nodes, and how the one that answers gets on with the others");
}
