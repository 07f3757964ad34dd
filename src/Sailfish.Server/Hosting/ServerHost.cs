using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Sailfish.Server.Hosting;

/// <summary>The frame of the process: where configuration comes from, and what is looked at before it starts.</summary>
internal static class ServerHost
{
    /// <summary>SIGTERM to exit, at the most.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(14);

    /// <summary>
    /// Read by the framework before its first socket: 1 = what waits for a socket goes on in the thread that takes the
    /// sockets' events, one a core, without a hop to the pool. Ours never wait there; what reads the store hops by itself.
    /// </summary>
    private const string InlineSockets = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Read by the framework: 1 = files of settings are looked at every four seconds. Else all of the folder is watched, and
    /// with it the database in it: each commit woke the watcher, a fifth of the process's time at a few thousand messages a
    /// second.
    /// </summary>
    private const string PolledSettings = "DOTNET_USE_POLLING_FILE_WATCHER";

    /// <summary>Read by the framework before its first file: 1 = its locks on files do nothing, ours on the data folder neither.</summary>
    private const string NoFileLocks = "DOTNET_SYSTEM_IO_DISABLEFILELOCKING";

    /// <summary>Says the whole address of each request, and that of a stream has a token in it.</summary>
    private const string RequestLog = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        Environment.SetEnvironmentVariable(NoFileLocks, null);
        TurnOn(InlineSockets);
        TurnOn(PolledSettings);
        var builder = WebApplication.CreateBuilder(args);
        // The settings that ship with the program come first, whatever folder it is started from.
        builder.Configuration.Sources.Insert(0, ShippedSettings());
        // Read by the framework from ASPNETCORE_FORWARDEDHEADERS_ENABLED, and would have it believe everybody.
        builder.Configuration.AddInMemoryCollection([new("ForwardedHeaders_Enabled", "false")]);
        builder.Services.PostConfigure<LoggerFilterOptions>(LeaveOutAddresses);
        builder.Services.AddSailfishOptions<ServerOptions, ServerOptionsValidator>(null);
        builder.Services.AddStartCheck(services => DataFolder.Check(services.GetRequiredService<IOptions<ServerOptions>>().Value));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopLimit);
        // A pump or a read of the store may hold a thread for milliseconds; on a small machine others must go on.
        ThreadPool.GetMinThreads(out var workers, out var io);
        ThreadPool.SetMinThreads(Math.Max(workers, 8), io);
        return builder;
    }

    /// <summary>
    /// The services of the options alone, without those of the server: building that opens the database. To be kept until
    /// the server has ended, which has the configuration from them.
    /// </summary>
    public static ServiceProvider BuildSettings(WebApplicationBuilder builder) =>
#pragma warning disable ASP0000 // that there are two of each is what it is for
        builder.Services.BuildServiceProvider();
#pragma warning restore ASP0000

    /// <summary>Checks all settings, and then locks the folder that they name. To be kept until the server has ended.</summary>
    public static DataFolderLock OpenDataFolder(IServiceProvider settings)
    {
        if (SettingsCheck.Problems(settings) is { Count: > 0 } problems)
            throw new ConfigurationException(string.Join(" ", problems));
        return new DataFolderLock(settings.GetRequiredService<IOptions<ServerOptions>>().Value, settings.GetRequiredService<ILogger<DataFolderLock>>());
    }

    /// <summary>Runs the server until it is stopped. Of one that cannot start, what had begun is ended before what it uses is gone.</summary>
    public static async Task RunAsync(WebApplication app)
    {
        List<BackgroundService> works = [.. app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Reverse()];
        try
        {
            await app.StartAsync();
        }
        catch
        {
            using var limit = new CancellationTokenSource(StopLimit);
            foreach (var begun in works.Where(work => work.ExecuteTask is not null))
                await begun.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await app.WaitForShutdownAsync();
    }

    /// <summary>Whatever the settings say: of equal rules the last one counts, and those for a provider before those for all.</summary>
    private static void LeaveOutAddresses(LoggerFilterOptions options)
    {
        foreach (var provider in new[] { null, typeof(ConsoleLoggerProvider).FullName })
            options.Rules.Add(new LoggerFilterRule(provider, RequestLog, LogLevel.Warning, filter: null));
    }

    /// <summary>Unless whoever started the server has decided.</summary>
    private static void TurnOn(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is null)
            Environment.SetEnvironmentVariable(variable, "1");
    }

    private static Microsoft.Extensions.Configuration.Json.JsonConfigurationSource ShippedSettings()
    {
        var source = new Microsoft.Extensions.Configuration.Json.JsonConfigurationSource
        {
            Path = Path.Combine(AppContext.BaseDirectory, "appsettings.json"),
            Optional = true,
        };
        source.ResolveFileProvider();
        return source;
    }
}
