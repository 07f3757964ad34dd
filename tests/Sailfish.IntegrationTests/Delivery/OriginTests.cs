using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Delivery;

/// <summary>What a connection said does not come back to it, whatever it did since.</summary>
public sealed class OriginTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_under_way_does_not_come_back_to_who_left_and_joined_again(bool alone)
    {
        await using var server = await ServerProcess.StartAsync();
        await using var sender = await TestClient.LogInAsync(server, 10001);
        await using var other = await TestClient.LogInAsync(server, 10001);
        await sender.JoinAsync(7);
        if (!alone)
            await other.JoinAsync(7);
        for (var round = 1; round <= 5; round++)
        {
            using (new HeldDatabase(server))
            {
                await sender.ChatInRoomAsync(7, "mine", $"m{round}");
                await sender.SendAsync(Code.Leave, new JsonObject { ["roomId"] = 7 });
                await sender.ReceiveAsync(Code.Leave);
                Assert.Equal(round - 1, (await sender.JoinAsync(7)).Number("seq"));
            }

            Assert.Equal(round, (await sender.ReceiptAsync($"m{round}")).Number("seq"));
            if (!alone)
                Assert.Equal(round, (await other.ReceiveAsync(Code.Message)).Number("seq"));
        }

        await other.JoinAsync(7);
        await other.ChatInRoomAsync(7, "last");
        // Nothing of its own came before it.
        var message = await sender.ReceiveAsync();
        Assert.Equal((Code.Message, "last"), (message.Code, message.Content()));
    }

    [Fact]
    public async Task A_direct_message_goes_to_the_senders_other_connections_and_not_to_its_own()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var sender = await TestClient.LogInAsync(server, 10001);
        await using var other = await TestClient.LogInAsync(server, 10001);
        await sender.ChatAndReceiptAsync(10002, "hi");
        Assert.Equal("hi", (await other.ReceiveAsync(Code.Message)).Content());
        Assert.Empty(await sender.FlushAsync());
    }
}
