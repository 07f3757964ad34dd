namespace Sailfish.LoadTest.Results;

/// <summary>Names of the metrics that targets, ratios and bounds look up.</summary>
internal static class MetricNames
{
    internal const string ServerCpu = "server CPU";
    internal const string DatabaseCpu = "database CPU";
    internal const string LoadCpu = "load CPU";
    internal const string OtherCpu = "other CPU";
    internal const string Message = "message";
    internal const string Deliveries = "deliveries";
    internal const string Receipts = "receipts";
    internal const string CpuPerDelivery = "server CPU per delivery";
    internal const string CpuPerLogin = "server CPU per login";
    internal const string AllocatedPerDelivery = "allocated per delivery";
    internal const string FullPause = "gen-2 blocking pause, longest";
    internal const string CommitBatch = "writes per commit";
    internal const string Stored = "messages stored";
    internal const string LastMember = "until the last member has it";
    internal const string Receipt = "receipt";
    internal const string Delivery = "delivery";
    internal const string MemoryPerSession = "memory per session, after heartbeats";

    internal const string ReadOffline = "death, all who stay away are read offline";
    internal const string OfflinePublished = "death, their user.offline is published";
    internal const string DirectByAppend = "receipts by bare appends";
    internal const string ApartByTogether = "deliveries, apart by together";

    internal const string CpuPerMegabit = "server CPU per viewer and Mbit";
    internal const string MemoryPerViewer = "memory per viewer";
    internal const string MemoryGrowth = "memory growth in the period";
    internal const string KernelPerDead = "kernel memory per viewer that never reads";
    internal const string PictureP95 = "first picture p95";
    internal const string VideoFloor = "bare sends";
    internal const string NodeMediaServer = "node-media-server";

    internal static string Peer(string peer, string metric) => $"{peer}, {metric}";

    internal static string CpuBy(string peer) => "server CPU by that of " + peer;

    internal static string Alone(string metric) => metric + ", alone";

    internal static string BesideVideo(string metric) => metric + ", beside video";

    internal static string DatabaseCpuPer(string operation) => "database CPU per " + operation;

    internal static string FramesPer(string operation) => "bus frames per " + operation;

    internal static string AllInSync(string storm) => storm + ", all in and in sync";

    internal static string P50(string what) => what + " p50";

    internal static string P99(string what) => what + " p99";
}
