using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Delivery;
using Sailfish.Server.Gateway;
using Sailfish.Server.Sessions;

namespace Sailfish.Tests.Server.Gateway;

public sealed class SweeperTests : IDisposable
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds((2 * 30) + 10);
    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionTable _connections;
    private readonly Sweeper _sweeper;

    public SweeperTests()
    {
        _connections = new ConnectionTable(Fakes.Lease);
        var options = Options.Create(new GatewayOptions());
        _sweeper = new Sweeper(
            _connections,
            new ClosingConnections(_time),
            new PendingHeads(_time),
            new Retransmitter(Options.Create(new DeliveryOptions()), new PushMetrics(Fakes.Meters)),
            new UserPaceTable(Options.Create(new LimitsOptions()), _time),
            Options.Create(new SessionsOptions()),
            options,
            new GatewayMetrics(Fakes.Meters, _connections),
            _time,
            NullLogger<Sweeper>.Instance);
    }

    public void Dispose() => _sweeper.Dispose();

    [Fact]
    public void Silence_is_the_time_in_which_the_server_waited()
    {
        var connection = LogIn();
        connection.BeginSilence();
        _time.Advance(IdleLimit);
        _sweeper.Sweep();
        Assert.False(connection.IsClosing);
        _time.Advance(TimeSpan.FromTicks(1));
        _sweeper.Sweep();
        Assert.True(connection.IsClosing);
    }

    [Fact]
    public void Who_is_held_back_is_not_idle_and_has_all_the_time_afterwards()
    {
        var connection = LogIn();
        connection.BeginSilence();
        _time.Advance(IdleLimit / 2);

        // A frame has come that waits for the store, for room, or for the pace.
        connection.EndSilence();
        _time.Advance(IdleLimit * 3);
        _sweeper.Sweep();
        Assert.False(connection.IsClosing);
        connection.BeginSilence();
        _time.Advance(IdleLimit);
        _sweeper.Sweep();
        Assert.False(connection.IsClosing);
        _time.Advance(TimeSpan.FromTicks(1));
        _sweeper.Sweep();
        Assert.True(connection.IsClosing);
    }

    private Connection LogIn()
    {
        var connection = Fakes.Session(10001, _time).Connection;
        _connections.Add(connection);
        return connection;
    }
}
