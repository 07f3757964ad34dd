using Sailfish.Server.Accounts;
using Sailfish.Server.Api;
using Sailfish.Server.Audit;
using Sailfish.Server.Cluster;
using Sailfish.Server.Commands;
using Sailfish.Server.Content;
using Sailfish.Server.Delivery;
using Sailfish.Server.Events;
using Sailfish.Server.Gateway;
using Sailfish.Server.Hosting;
using Sailfish.Server.Identity;
using Sailfish.Server.Living;
using Sailfish.Server.Media;
using Sailfish.Server.Messaging;
using Sailfish.Server.Nodes;
using Sailfish.Server.Page;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Server.Storage;
using Sailfish.Server.Telemetry;

// Before all else, and in a method that needs nothing else: it is there within some hundredths of a second.
Umask.OwnersOnly();
using var signals = new StopSignals();
return await ProgramRun.RunAsync(() => RunAsync(args, signals), signals);

static async Task<int> RunAsync(string[] args, StopSignals signals)
{
    var command = CommandLine.Parse(args);
    if (command.IsAnswered)
        return 0;
    var builder = ServerHost.CreateBuilder([.. command.Settings]);
    var isCluster = builder.Configuration.IsCluster();
    builder.Services
        .AddNodes(isCluster)
        .AddAudit()
        .AddStorage(isCluster)
        .AddEvents()
        .AddContent()
        .AddIdentity()
        .AddAccounts()
        .AddSessions()
        .AddRooms()
        .AddMessaging()
        .AddDelivery(isCluster)
        .AddTelemetry()
        .AddLiving(isCluster)
        .AddMedia(isCluster)
        .AddServerApi()
        .AddPage()
        .AddCluster(isCluster)
        .AddGateway()
        .AddSingleton<IHostLifetime>(signals);

    await using var settings = ServerHost.BuildSettings(builder);
    command.ThrowOnNotUnderstood(ConfigurationCheck.Keys(settings.GetServices<KnownSection>()));
    return command.Kind switch
    {
        CommandKind.Check => CheckCommand.Run(settings),
        CommandKind.Backup => await BackupCommand.RunAsync(settings, command.Folder!, signals),
        CommandKind.Migrate => MigrateCommand.Run(settings, signals),
        _ => await ServeAsync(builder, settings, signals),
    };
}

static async Task<int> ServeAsync(WebApplicationBuilder builder, IServiceProvider settings, StopSignals signals)
{
    using var folder = ServerHost.OpenDataFolder(settings);
    await using var app = builder.Build();
    signals.Stops(app.Services);
    var audit = app.Services.GetRequiredService<AuditLog>();
    app.Lifetime.ApplicationStarted.Register(() => audit.Settings(EffectiveSettings.Changed(settings)));
    app.UseFront();
    app.UseServerApi();
    app.MapHealth();
    app.MapServerApi();
    app.MapPage();
    app.MapLive();
    app.MapRelay();
    app.UsePageFiles();
    await ServerHost.RunAsync(app);
    return 0;
}
