using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Api;

/// <summary>One server for a class of tests that keep to users and rooms of their own.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    public ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
