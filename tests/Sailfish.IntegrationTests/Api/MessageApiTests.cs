using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Api;

public sealed class MessageApiTests(ServerFixture<AsShipped> fixture) : IClassFixture<ServerFixture<AsShipped>>
{
    private const string Path = "/api/v1/messages";
    private readonly ServerProcess _server = fixture.Server;

    [Fact]
    public async Task A_message_to_a_user_reaches_the_user_and_the_senders_sessions()
    {
        await using var receiver = await TestClient.LogInAsync(_server, 10101);
        await using var sender = await TestClient.LogInAsync(_server, 10102);
        var answer = await _server.Http.PostJsonAsync(Path, """{"bizCode":5555,"data":"{\"content\":\"hi\",\"objectId\":5,\"userId\":7}","from":10102,"to":{"user":10101}}""");
        Assert.Equal("d:10101:10102", answer.Text("conversation"));
        Assert.Equal(1, answer.Number("seq"));
        Assert.Equal(1, answer.Number("onlineUsers"));
        foreach (var client in new[] { receiver, sender })
        {
            var message = await client.ReceiveAsync(Code.Message);
            Assert.Equal(client.UserId, message.Number("userId"));
            Assert.Equal(answer.Text("msgId"), message.Text("msgId"));
            Assert.Equal("d:10101:10102", message.Text("conversation"));
            Assert.Equal(1, message.Number("seq"));
            Assert.Equal("hi", message.Data.Text("content"));
            // Stamps are the server's, whatever the data said.
            Assert.Equal(10102, message.Data.Number("userId"));
            Assert.Equal(10102, message.Data.Number("senderId"));
            Assert.Equal(10101, message.Data.Number("objectId"));
            Assert.True(message.Data.Number("createTime") > 0);
        }
    }

    [Fact]
    public async Task Data_may_be_an_object_and_any_biz_code()
    {
        await using var receiver = await TestClient.LogInAsync(_server, 10111);
        var answer = await _server.Http.PostJsonAsync(Path, """{"bizCode":5561,"data":{"gift":{"id":3,"name":"鱼"},"n":1.50},"to":{"user":"10111"}}""");
        // No from: the system, user 0.
        Assert.Equal("d:0:10111", answer.Text("conversation"));
        var message = await receiver.ReceiveAsync(Code.Message);
        Assert.Equal(5561, message.Number("bizCode"));
        Assert.Equal("鱼", message.Data["gift"]!["name"]!.GetValue<string>());
        Assert.Equal("1.50", message.Data["n"]!.ToJsonString());
        Assert.Equal(0, message.Data.Number("senderId"));
        Assert.Equal(10111, message.Number("userId"));
    }

    [Fact]
    public async Task A_message_to_users_is_one_in_each_conversation()
    {
        await using var one = await TestClient.LogInAsync(_server, 10121);
        await using var other = await TestClient.LogInAsync(_server, 10122);
        var answer = await _server.Http.PostJsonAsync(Path, """{"bizCode":5555,"data":{"content":"all three"},"from":10120,"clientMsgId":"many","to":{"users":[10121,10122,10123]}}""");
        Assert.Equal(2, answer.Number("onlineUsers"));
        Assert.Null(answer["conversation"]);
        Assert.Null(answer["seq"]);
        var first = await one.ReceiveAsync(Code.Message);
        var second = await other.ReceiveAsync(Code.Message);
        Assert.Equal(answer.Text("msgId"), first.Text("msgId"));
        Assert.Equal("d:10120:10121", first.Text("conversation"));
        Assert.Equal("d:10120:10122", second.Text("conversation"));
        Assert.NotEqual(first.Text("msgId"), second.Text("msgId"));

        // The same again changes nothing for anybody.
        var again = await _server.Http.PostJsonAsync(Path, """{"bizCode":5555,"data":{"content":"all three"},"from":10120,"clientMsgId":"many","to":{"users":[10121,10122,10123]}}""");
        Assert.Equal(answer.Text("msgId"), again.Text("msgId"));
        Assert.Empty(await one.FlushAsync());
        Assert.Empty(await other.FlushAsync());
        var stored = await _server.Http.GetJsonAsync("/api/v1/conversations/d:10120:10123/messages");
        Assert.Single(stored["messages"]!.AsArray());

        // In another order, with one more and by the user itself: whoever has it does not get it twice.
        await _server.Http.PostJsonAsync(Path, """{"bizCode":5555,"data":{"content":"all three"},"from":10120,"clientMsgId":"many","to":{"users":[10123,10122,10121,10124]}}""");
        await using (var sender = await TestClient.LogInAsync(_server, 10120))
            Assert.Equal(second.Text("msgId"), (await sender.ChatAndReceiptAsync(10122, "all three", "many")).Text("msgId"));
        Assert.Empty(await one.FlushAsync());
        Assert.Empty(await other.FlushAsync());
        foreach (var user in new[] { 10121, 10122, 10123, 10124 })
            Assert.Single(await _server.WholeHistoryAsync($"d:10120:{user}"));
    }

    [Fact]
    public async Task A_message_to_a_room_reaches_its_members()
    {
        await using var one = await TestClient.LogInAsync(_server, 10131);
        await using var other = await TestClient.LogInAsync(_server, 10132);
        await using var outside = await TestClient.LogInAsync(_server, 10133);
        await one.JoinAsync(131);
        await other.JoinAsync(131);
        // From a member too: a server's message has no connection of its own that would be left out.
        var answer = await _server.Http.PostJsonAsync(Path, """{"bizCode":5555,"data":{"content":"to the room"},"from":10131,"to":{"room":131}}""");
        Assert.Equal("r:131", answer.Text("conversation"));
        Assert.Equal(2, answer.Number("onlineUsers"));
        foreach (var client in new[] { one, other })
        {
            var message = await client.ReceiveAsync(Code.Message);
            Assert.Equal(131, message.Data.Number("roomId"));
            Assert.Equal(10131, message.Data.Number("userId"));
            Assert.Null(message.Data["objectId"]);
        }

        Assert.Empty(await outside.FlushAsync());
    }

    [Fact]
    public async Task A_message_to_all_reaches_who_is_online_and_is_not_stored()
    {
        // A server of its own: everybody online gets it.
        await using var server = await ServerProcess.StartAsync();
        await using var tcp = await TestClient.LogInAsync(server, 10141);
        await using var legacy = await TestClient.LogInAsync(server, 10142, Transport.WebSocketLegacy);
        await using var second = await TestClient.LogInAsync(server, 10141, Transport.WebSocketJson);
        var answer = await server.Http.PostJsonAsync(Path, """{"bizCode":5580,"data":{"content":"maintenance"},"to":{"all":true}}""");
        Assert.Equal(2, answer.Number("onlineUsers"));
        Assert.Null(answer["seq"]);
        foreach (var client in new[] { tcp, legacy, second })
        {
            var message = await client.ReceiveAsync(Code.Message);
            Assert.Equal(answer.Text("msgId"), message.Text("msgId"));
            Assert.Equal(client.UserId, message.Number("userId"));
            Assert.Equal("maintenance", message.Data.Text("content"));
        }

        Assert.Empty(await server.Http.GetJsonAsync("/api/v1/users/10141/unacked"));
    }

    [Fact]
    public async Task One_client_msg_id_is_one_message_over_HTTP_and_sockets()
    {
        const string Body = """{"bizCode":5555,"data":{"content":"once"},"from":10151,"clientMsgId":"once-1","to":{"user":10152}}""";
        await using var receiver = await TestClient.LogInAsync(_server, 10152);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _server.Http.PostJsonAsync(Path, Body)));
        Assert.Single(answers.Select(a => a.Text("msgId")).Distinct());
        Assert.All(answers, a => Assert.Equal(1, a.Number("seq")));
        await using var sender = await TestClient.LogInAsync(_server, 10151);
        await sender.ChatAsync(10152, "once", "once-1");
        Assert.Equal(answers[0].Text("msgId"), (await sender.ReceiveAsync(Code.Receipt)).Text("msgId"));
        Assert.Equal(Code.Message, Assert.Single(await receiver.FlushAsync()).Code);
    }

    [Fact]
    public async Task An_offline_user_gets_the_message_by_sync()
    {
        var answer = await _server.Http.PostJsonAsync(Path, """{"bizCode":5555,"data":{"content":"for later"},"to":{"user":10161}}""");
        Assert.Equal(0, answer.Number("onlineUsers"));
        await using var client = await TestClient.LogInAsync(_server, 10161);
        await client.SendAsync(Code.Sync, new JsonObject());
        var reply = await client.ReceiveAsync(Code.Sync);
        var message = Assert.Single(reply.Body["messages"]!.AsArray())!.AsObject();
        Assert.Equal(answer.Text("msgId"), message.Text("msgId"));
        Assert.False(reply.Body["more"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"to":{}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"to":{"user":9999}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"to":{"user":10171,"room":1}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"to":{"room":0}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"to":{"room":9007199254740992}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"to":{"all":false}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"to":{"users":[]}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"to":{"users":[10171,10171]}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"to":{"users":[10171,null]}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"from":10171,"to":{"user":10171}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"from":10171,"to":{"users":[10172,10171]}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"from":0,"to":{"user":10171}}""")]
    [InlineData("""{"bizCode":0,"data":{"content":"x"},"to":{"user":10171}}""")]
    [InlineData("""{"bizCode":"chat","data":{"content":"x"},"to":{"user":10171}}""")]
    [InlineData("""{"bizCode":5555,"to":{"user":10171}}""")]
    [InlineData("""{"bizCode":5555,"data":null,"to":{"user":10171}}""")]
    [InlineData("""{"bizCode":5555,"data":[1],"to":{"user":10171}}""")]
    [InlineData("""{"bizCode":5555,"data":"plain text","to":{"user":10171}}""")]
    [InlineData("""{"bizCode":5555,"data":"[]","to":{"user":10171}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"clientMsgId":"","to":{"user":10171}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"x"},"clientMsgId":"12345678901234567890123456789012345678901234567890123456789012345","to":{"user":10171}}""")]
    [InlineData("""{"bizCode":5555,"data":"\ud800","to":{"user":10171}}""")]
    [InlineData("""{"bizCode":5555,"data":{"content":"\ud800"},"to":{"user":10171}}""")]
    [InlineData("""{"bizCode":5555,"data":{"\udc00":1},"to":{"room":17}}""")]
    [InlineData("""{"bizCode":5555,"data":"{\"a\":[\"\\uD800\"]}","to":{"all":true}}""")]
    public async Task Bad_input_is_a_problem(string body) => await _server.Http.BadAsync(Path, body);

    [Fact]
    public async Task Data_over_its_length_and_users_over_their_number_are_problems()
    {
        static string WithData(int length) => $$"""{"bizCode":5555,"data":{"a":"{{new string('x', length - 8)}}"},"to":{"user":10181} }""";
        static string WithUsers(int count) => $$"""{"bizCode":5555,"data":{"a":1},"to":{"users":[{{string.Join(',', Enumerable.Range(20_000, count))}}]} }""";
        await _server.Http.PostJsonAsync(Path, WithData(8000));
        await _server.Http.BadAsync(Path, WithData(8001));
        await _server.Http.PostJsonAsync(Path, WithUsers(1000));
        await _server.Http.BadAsync(Path, WithUsers(1001));
    }

    [Fact]
    public async Task Half_a_character_from_a_client_is_refused_and_the_connection_lives()
    {
        await using var client = await TestClient.LogInAsync(_server, 10191);
        await client.SendAsync(Code.Message, new JsonObject { ["bizCode"] = 5555, ["data"] = """{"content":"x","objectId":10192,"extra":"\ud800"}""" });
        Assert.Equal("bad_data", (await client.ReceiveAsync(Code.Error)).Text("error"));
        Assert.Empty(await client.FlushAsync());
    }
}
