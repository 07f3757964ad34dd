using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Gateway;

public sealed class TimeoutTests
{
    [Fact]
    public async Task A_client_that_is_silent_Is_told_and_closed_before_LOGIN_and_after()
    {
        await using var server = await ServerProcess.StartAsync("Gateway:LoginTimeoutSeconds=1", "Gateway:HeartbeatSeconds=1");
        await using var idle = await TestClient.LogInAsync(server, 10001);
        Assert.Equal(1, idle.LoginReply!.Number("heartbeatSeconds"));
        await using var alive = await TestClient.LogInAsync(server, 10002, Transport.WebSocketBinary);

        foreach (var transport in new[] { Transport.Tcp, Transport.WebSocketJson, Transport.WebSocketBinary })
        {
            await using var late = await TestClient.OpenAsync(server, transport);
            AssertBye(Assert.Single(await late.DrainAsync()), "login_timeout");
        }

        // Bytes count, whatever they are: this one has sent something until the idle one is closed.
        var idleEnds = idle.DrainAsync();
        while (!idleEnds.IsCompleted)
        {
            await alive.SendAsync(Code.Heartbeat, new JsonObject());
            Assert.Equal(Code.Heartbeat, (await alive.ReceiveAsync()).Code);
            await Task.WhenAny(idleEnds, Task.Delay(200));
        }

        AssertBye(Assert.Single(await idleEnds), "idle");
        Assert.Empty(await alive.FlushAsync());
    }

    private static void AssertBye(ReceivedFrame frame, string reason)
    {
        Assert.Equal((Code.Bye, reason), (frame.Code, frame.Text("reason")));
        Assert.True(frame.Body["reconnect"]!.GetValue<bool>());
    }
}
