using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Identity;

/// <summary>G5: who sent it is who logged in; nobody acks or reads for someone else.</summary>
public sealed class IdentityTests(ServerFixture<WithoutRates> fixture) : IClassFixture<ServerFixture<WithoutRates>>
{
    private readonly ServerProcess _server = fixture.Server;
    private readonly long _ann = TestIds.NewUser();
    private readonly long _bob = TestIds.NewUser();
    private readonly long _eve = TestIds.NewUser();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Claims_in_the_body_do_not_count_and_the_tokens_name_wins(bool hasClaims)
    {
        var room = TestIds.NewRoom();
        await using var ann = await TestClient.LogInAsync(_server, _ann, changeToken: token =>
        {
            if (!hasClaims)
                return;
            token["name"] = "Ann";
            token["avatar"] = "ann.png";
        });
        await using var bob = await TestClient.LogInAsync(_server, _bob);
        await ann.JoinAsync(room);
        await bob.JoinAsync(room);
        foreach (var target in new[] { "objectId", "roomId" })
        {
            var body = TestClient.Chat(new JsonObject
            {
                ["content"] = "hello",
                [target] = target == "objectId" ? _bob : room,
                ["userId"] = _eve,
                ["senderId"] = _eve,
                ["senderName"] = "Eve",
                ["senderAvatar"] = "eve.png",
                ["createTime"] = 5,
            });
            body["userId"] = _eve;
            body["appId"] = 99;
            body["msgId"] = "1-1";
            body["seq"] = 77;
            body["time"] = 5;
            body["conversation"] = MessagingSteps.Direct(_bob, _eve);
            await ann.SendAsync(Code.Message, body);
            var message = await bob.ReceiveAsync(Code.Message);
            Assert.Equal((_bob, 1, _server.AppId), (message.Number("userId"), message.Number("seq"), message.Number("appId")));
            Assert.Equal(target == "objectId" ? MessagingSteps.Direct(_ann, _bob) : $"r:{room}", message.Text("conversation"));
            var data = message.Data;
            Assert.Equal(_ann, data["userId"]!.GetValue<long>());
            Assert.Equal(hasClaims ? "Ann" : "Eve", data["senderName"]!.GetValue<string>());
            Assert.Equal(hasClaims ? "ann.png" : "eve.png", data["senderAvatar"]!.GetValue<string>());
            Assert.Equal(message.Number("time"), data["createTime"]!.GetValue<long>());
            Assert.InRange(data["createTime"]!.GetValue<long>(), DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds());
            if (target == "objectId")
                Assert.Equal((_ann, _bob), (data["senderId"]!.GetValue<long>(), data["objectId"]!.GetValue<long>()));
            else
                Assert.False(data.ContainsKey("senderId") || data.ContainsKey("objectId"));
        }
    }

    [Fact]
    public async Task Acks_for_others_and_of_what_is_not_there_change_nothing()
    {
        var room = TestIds.NewRoom();
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        await using var bob = await TestClient.LogInAsync(_server, _bob);
        await using var eve = await TestClient.LogInAsync(_server, _eve);
        await eve.JoinAsync(room);
        var conversation = MessagingSteps.Direct(_ann, _bob);
        var receipt = await ann.ChatAndReceiptAsync(_bob, "one");
        var msgId = receipt.Text("msgId")!;
        var own = (await ann.ChatAndReceiptAsync(_eve, "to eve")).Text("msgId")!;
        await eve.ChatInRoomAsync(room, "room", "in room");
        var inRoom = (await eve.ReceiptAsync("in room")).Text("msgId")!;
        var row = msgId.Split('-')[0];

        JsonObject[] acks =
        [
            new() { ["msgId"] = msgId, ["userId"] = _bob },
            new() { ["conversation"] = conversation, ["seq"] = 1, ["userId"] = _bob },
            new() { ["conversation"] = MessagingSteps.Direct(_ann, _eve), ["seq"] = -1 },
            new() { ["conversation"] = MessagingSteps.Direct(_ann, _eve), ["seq"] = 0 },
            new() { ["conversation"] = MessagingSteps.Direct(_ann, _eve) },
            new() { ["conversation"] = MessagingSteps.Direct(_bob, _eve), ["seq"] = 1 },
            new() { ["conversation"] = $"r:{room}", ["seq"] = 1 },
            new() { ["conversation"] = "nonsense", ["seq"] = 1 },
            new() { ["msgId"] = inRoom },
            new() { ["msgId"] = $"{own.Split('-')[0]}-2" },
            new() { ["msgId"] = $"{row}-0" },
            new() { ["msgId"] = $"{row}--1" },
            new() { ["msgId"] = "" },
            new() { ["msgId"] = "nonsense" },
            new() { ["msgId"] = "9223372036854775807-9223372036854775807" },
            new() { ["msgId"] = "999999999-1" },
            new() { ["msgId"] = new string('9', 1000) + "-1" },
            [],
        ];
        foreach (var ack in acks)
            await eve.SendAsync(Code.Ack, ack);
        Assert.DoesNotContain(await eve.FlushAsync(), f => f.Code == Code.Error);
        Assert.Equal(new Dictionary<string, long> { [conversation] = 1 }, await _server.UnackedAsync(_bob));
        Assert.Equal(new Dictionary<string, long> { [MessagingSteps.Direct(_ann, _eve)] = 1 }, await _server.UnackedAsync(_eve));

        // The sender's own ack of it is not the receiver's either.
        await ann.SendAsync(Code.Ack, new JsonObject { ["msgId"] = msgId });
        await ann.AckUpToAsync(conversation, 1);
        await ann.FlushAsync();
        Assert.Equal(1, (await _server.UnackedAsync(_bob))[conversation]);
        Assert.Equal(msgId, Assert.Single((await bob.SyncAsync()).Messages()).Text("msgId"));
    }

    [Fact]
    public async Task An_ack_of_the_future_does_not_count_when_the_future_comes()
    {
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        await using var bob = await TestClient.LogInAsync(_server, _bob);
        var conversation = MessagingSteps.Direct(_ann, _bob);
        var first = await ann.ChatAndReceiptAsync(_bob, "one");
        await bob.AckUpToAsync(conversation, long.MaxValue);
        await bob.SendAsync(Code.Ack, new JsonObject { ["msgId"] = $"{first.Text("msgId")!.Split('-')[0]}-2" });
        await bob.FlushAsync();
        Assert.Empty(await _server.UnackedAsync(_bob));
        await ann.ChatAndReceiptAsync(_bob, "two");
        Assert.Equal(1, (await _server.UnackedAsync(_bob))[conversation]);
    }

    [Fact]
    public async Task Conversations_of_others_and_rooms_not_joined_cannot_be_read()
    {
        var room = TestIds.NewRoom();
        await using var ann = await TestClient.LogInAsync(_server, _ann);
        await using var eve = await TestClient.LogInAsync(_server, _eve);
        await using var eveToo = await TestClient.LogInAsync(_server, _eve);
        await ann.ChatAndReceiptAsync(_bob, "secret");
        await ann.JoinAsync(room);
        await ann.ChatInRoomAsync(room, "in the room", "key");
        await ann.ReceiptAsync("key");
        await eve.RefusedAsync("forbidden", Code.Sync, After(MessagingSteps.Direct(_ann, _bob)));
        await eve.RefusedAsync("forbidden", Code.Sync, After(MessagingSteps.Direct(_ann, _eve), MessagingSteps.Direct(_ann, _bob)));
        await eve.RefusedAsync("not_joined", Code.Sync, After($"r:{room}"));

        // One connection's join is not another's; and what was left is closed again.
        await eveToo.JoinAsync(room);
        await eve.RefusedAsync("not_joined", Code.Sync, After($"r:{room}"));
        Assert.Equal("in the room", Assert.Single((await eveToo.SyncAsync(After($"r:{room}")["after"]!.DeepClone().AsObject())).Messages()).Content());
        await eveToo.SendAsync(Code.Leave, new JsonObject { ["roomId"] = room });
        await eveToo.ReceiveAsync(Code.Leave);
        await eveToo.RefusedAsync("not_joined", Code.Sync, After($"r:{room}"));
    }

    private static JsonObject After(params string[] conversations) =>
        new() { ["after"] = new JsonObject(conversations.Select(c => KeyValuePair.Create(c, (JsonNode?)0))) };
}
