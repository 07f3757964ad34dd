using Sailfish.Server.Media.Sharing;

namespace Sailfish.Server.Cluster.Questions;

internal static class StreamQuestionServices
{
    /// <summary>Streams over several nodes: what this one asks of theirs, and what it answers them.</summary>
    public static IServiceCollection AddStreamQuestions(this IServiceCollection services)
    {
        services.AddSingleton<IStreamPeers, StreamPeers>();
        services.AddSingleton<INodeQuestion, StreamReportQuestion>();
        services.AddSingleton<INodeQuestion, StreamStopQuestion>();
        services.AddSingleton<INodeQuestion, StreamPutOutQuestion>();
        return services;
    }
}
