using Sailfish.Server.Accounts;
using Sailfish.Server.Api;
using Sailfish.Server.Audit;
using Sailfish.Server.Bus;
using Sailfish.Server.Configuration;
using Sailfish.Server.Delivery;
using Sailfish.Server.Gateway;
using Sailfish.Server.Living;
using Sailfish.Server.Messaging;
using Sailfish.Server.Page;
using Sailfish.Server.Rooms;
using Sailfish.Server.Sessions;
using Sailfish.Server.Storage;
using Sailfish.Server.Telemetry;

Umask.OwnersOnly();
try
{
    var builder = ServerHost.CreateBuilder(args);
    builder.Services
        .AddAudit()
        .AddStorage()
        .AddBus()
        .AddAccounts()
        .AddSessions()
        .AddRooms()
        .AddMessaging()
        .AddDelivery()
        .AddTelemetry()
        .AddLiving()
        .AddServerApi()
        .AddPage()
        .AddGateway();

    // Before the server is built: that opens the database.
    await using var settings = ServerHost.BuildSettings(builder);
    using var folder = ServerHost.OpenDataFolder(settings);
    await using var app = builder.Build();
    app.UseServerApi();
    app.MapHealth();
    app.MapServerApi();
    app.MapPage();
    await app.RunAsync();
    return 0;
}
catch (Exception problem) when (ServerHost.Explain(problem) is { } explanation)
{
    await Console.Error.WriteLineAsync(explanation);
    return 1;
}
