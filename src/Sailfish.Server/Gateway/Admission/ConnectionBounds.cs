using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Gateway.Admission;

/// <summary>How many connections there may be at once, by the settings and by the files that the process may have open.</summary>
internal sealed record ConnectionBounds
{
    /// <summary>
    /// Files that are not for connections: the program's own, some 300, the database's, two a reader, pictures and logs.
    /// </summary>
    public const int ReservedFiles = 512;

    /// <summary>With fewer there is nobody to serve.</summary>
    private const int LeastFiles = ReservedFiles + 64;

    /// <summary>A page takes some at once, and a probe one.</summary>
    private const int LeastHttp = 4;

    public ConnectionBounds(int setting, long? files)
    {
        Files = files;
        All = files is { } limit ? (int)Math.Min(limit - ReservedFiles, int.MaxValue) : int.MaxValue;
        Gateway = Math.Min(setting, All);
        Viewers = Gateway / 2;
        BeforeChat = Gateway - (Gateway / 8);
        Http = Math.Max(Gateway / 4, LeastHttp);
    }

    /// <summary>Of all kinds together.</summary>
    public int All { get; }

    /// <summary>TCP and WebSockets.</summary>
    public int Gateway { get; }

    /// <summary>Those of them that are for watching.</summary>
    public int Viewers { get; }

    /// <summary>With so many TCP and WebSockets nobody more is let in to watch, so that whoever wants to talk still is.</summary>
    public int BeforeChat { get; }

    /// <summary>HTTP, and those on the web port that have not asked for anything yet.</summary>
    public int Http { get; }

    /// <summary>What the process may have open; null where there is no limit.</summary>
    public long? Files { get; }

    public static ConnectionBounds Of(IServiceProvider services)
    {
        var files = FileLimit.Raise();
        if (files < LeastFiles)
            throw new ConfigurationException($"The process may have only {files} files open, and needs at least {LeastFiles}: raise `ulimit -n`, or LimitNOFILE of the service.");
        return new ConnectionBounds(services.GetRequiredService<IOptions<GatewayOptions>>().Value.MaxConnections, files);
    }
}
