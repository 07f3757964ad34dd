using System.Net;
using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Api;

/// <summary>What the server API says of rooms that are closed, or never were.</summary>
public sealed class RoomTruthTests(ServerFixture<ForPageCalls> fixture) : IClassFixture<ServerFixture<ForPageCalls>>
{
    private const long NeverGivenOut = 9_999_999;

    private ServerProcess Server => fixture.Server;

    [Fact]
    public async Task A_closed_living_room_is_there_and_nothing_can_be_done_in_it()
    {
        var (anchor, room) = await PageClient.GoLiveAsync(Server);
        using (anchor)
            await anchor.OkAsync("/living/closeLiving", ("roomId", room));
        var found = await Server.Http.GetJsonAsync($"/api/v1/rooms/{room}");
        Assert.False(found["open"]!.GetValue<bool>());
        Assert.Empty((await Server.Http.GetJsonAsync($"/api/v1/rooms/{room}/members"))["members"]!.AsArray());
        await ProblemAsync(HttpStatusCode.Conflict, room);
    }

    [Fact]
    public async Task A_living_room_that_never_was_is_not_found()
    {
        foreach (var path in new[] { "", "/members" })
            await Server.Http.ProblemAsync(HttpMethod.Get, $"/api/v1/rooms/{NeverGivenOut}{path}", HttpStatusCode.NotFound);
        await ProblemAsync(HttpStatusCode.NotFound, NeverGivenOut);
        // Nothing came of it.
        await Server.Http.ProblemAsync(HttpMethod.Get, $"/api/v1/rooms/{NeverGivenOut}", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(501)]
    [InlineData(8_888_888)]
    public async Task A_room_of_the_apps_own_exists_by_being_joined_wherever_its_id(long room)
    {
        await using (var member = await TestClient.LogInAsync(Server, 10501))
        {
            await member.JoinAsync(room);
            Assert.Equal(1, (await Server.Http.GetJsonAsync($"/api/v1/rooms/{room}")).Number("viewers"));
            await Server.Http.PostJsonAsync("/api/v1/messages", $$"""{"bizCode":5555,"data":{"content":"hi"},"to":{"room":{{room}} } }""");
            await Server.Http.PostJsonAsync($"/api/v1/rooms/{room}/mute", """{"userId":10502}""");
        }

        // It has messages now, also when everybody has left.
        Assert.Equal(room, (await Server.Http.GetJsonAsync($"/api/v1/rooms/{room}")).Number("roomId"));
    }

    [Fact]
    public async Task A_tag_is_for_somebody_whom_there_is()
    {
        const string tag = """{"tag":"vip"}""";
        await Server.Http.ProblemAsync(HttpMethod.Post, "/api/v1/users/999999999/tags", HttpStatusCode.NotFound, tag);
        using var account = await PageClient.SignUpAsync(Server);
        await Server.Http.PostJsonAsync($"/api/v1/users/{account.UserId}/tags", tag);
        // A product's own users, heard of or not.
        await Server.Http.PostJsonAsync("/api/v1/users/10777/tags", tag);
        await Server.Http.MintAsync(888_888_888);
        await Server.Http.PostJsonAsync("/api/v1/users/888888888/tags", tag);
    }

    [Fact]
    public async Task A_room_below_the_living_ones_may_be_written_to_before_anybody_joins() =>
        await Server.Http.PostJsonAsync("/api/v1/messages", """{"bizCode":5555,"data":{"content":"hi"},"to":{"room":502} }""");

    private async Task ProblemAsync(HttpStatusCode status, long room)
    {
        var message = new JsonObject { ["bizCode"] = 5555, ["data"] = new JsonObject { ["content"] = "hi" }, ["to"] = new JsonObject { ["room"] = room } };
        await Server.Http.ProblemAsync(HttpMethod.Post, "/api/v1/messages", status, message.ToJsonString());
        foreach (var call in new[] { "mute", "unmute", "kick" })
            await Server.Http.ProblemAsync(HttpMethod.Post, $"/api/v1/rooms/{room}/{call}", status, """{"userId":10001}""");
    }
}
