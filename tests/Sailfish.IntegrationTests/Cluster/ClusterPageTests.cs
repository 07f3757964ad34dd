using System.Net;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>The page, each of whose requests another node may answer.</summary>
public sealed class ClusterPageTests(ClusterFixture<Undisturbed> fixture) : ThreeNodeTests(fixture)
{
    [Fact]
    public async Task Who_signs_up_on_one_node_is_signed_in_on_all_and_signs_in_on_another()
    {
        using var client = await PageClient.SignUpAsync(One);
        foreach (var node in Cluster.Nodes)
        {
            var there = client.At(node);
            var page = await there.OkAsync("/home/initPage");
            Assert.Equal((true, client.UserId), (page.Flag("loginStatus"), page.Number("userId")));
            await using var connection = await there.ConnectAsync();
        }

        using var elsewhere = new PageClient(Two).Named(client.Name);
        Assert.Equal(client.UserId, (await elsewhere.LogInAsync()).Number("userId"));
        using var wrong = new PageClient(Three).Named(client.Name);
        Assert.Equal(401, (await wrong.LogInAsync("another good password")).Code);
    }

    [Fact]
    public async Task One_name_on_three_nodes_at_once_is_one_account()
    {
        for (var round = 0; round < 3; round++)
        {
            var name = PageClient.NewName();
            var answers = await Task.WhenAll(Cluster.Nodes.Select(async node =>
            {
                using var client = new PageClient(node);
                return (await client.PostAsync("/account/register", ("name", name), ("password", PageClient.Password))).Code;
            }));
            Assert.Equal([200, 501, 501], answers.Order());
        }
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_on_another_node_with_all_that_came_of_them()
    {
        using var client = await PageClient.SignUpAsync(One);
        using var elsewhere = new PageClient(Two).Named(client.Name);
        Assert.Equal(200, (await elsewhere.LogInAsync()).Code);
        var ofClient = client.At(Three);
        await using var connection = await ofClient.ConnectAsync();
        var token = (await client.OkAsync("/im/getImConfig")).Text("token");
        var sessions = (await elsewhere.At(Three).OkAsync("/account/sessions")).List;
        Assert.Equal(2, sessions.Count);
        var other = Assert.Single(sessions, session => !session["current"]!.GetValue<bool>());
        await elsewhere.OkAsync("/account/endSession", ("id", other.Text("id")));
        await AssertEndedAsync(connection, "signed_out");
        await Cluster.EverywhereAsync(
            async node =>
            {
                var there = client.At(node);
                return (await there.PostAsync("/im/getImConfig")).Code == 401 && await LogInAnswerAsync(node, token, client.UserId) == "bad_token";
            },
            "the session to be over",
            Soon);
        Assert.Equal(200, (await elsewhere.At(One).PostAsync("/im/getImConfig")).Code);
    }

    [Fact]
    public async Task Signing_out_on_one_node_ends_the_connections_on_another()
    {
        using var client = await PageClient.SignUpAsync(One);
        await using var two = await client.At(Two).ConnectAsync();
        await using var three = await client.At(Three).ConnectAsync();
        await client.OkAsync("/account/logout");
        foreach (var connection in new[] { two, three })
            await AssertEndedAsync(connection, "signed_out");
    }

    [Fact]
    public async Task A_new_password_on_one_node_is_the_one_that_counts_on_all()
    {
        const string Other = "another good password";
        using var client = await PageClient.SignUpAsync(One);
        await using var connection = await client.At(Two).ConnectAsync();
        Assert.Equal(1, (await Three.Http.PostJsonAsync($"/api/v1/users/{client.UserId}/password", $$"""{"password":"{{Other}}"}""")).Number("closed"));
        await AssertEndedAsync(connection, "kicked");
        foreach (var node in Cluster.Nodes)
        {
            using var there = new PageClient(node).Named(client.Name);
            Assert.Equal(200, (await there.LogInAsync(Other)).Code);
            Assert.Equal(401, (await there.LogInAsync()).Code);
        }

        await Cluster.EverywhereAsync(async node => (await client.At(node).PostAsync("/im/getImConfig")).Code == 401, "the old session to be over", Soon);
    }

    [Fact]
    public async Task Wrong_passwords_count_together_whichever_nodes_they_are_given_to()
    {
        using var client = await PageClient.SignUpAsync(One);
        for (var i = 0; i < 5; i++)
            Assert.Equal(401, await GuessAsync(Cluster[i], "a wrong password"));
        foreach (var node in Cluster.Nodes)
            Assert.Equal(429, await GuessAsync(node, PageClient.Password));

        async Task<int> GuessAsync(ServerProcess node, string password)
        {
            using var stranger = new PageClient(node).Named(client.Name);
            return (await stranger.LogInAsync(password)).Code;
        }
    }

    [Fact]
    public async Task A_picture_is_served_by_all_nodes_and_the_one_before_it_by_none()
    {
        using var client = await PageClient.SignUpAsync(One);
        var first = (await client.UploadAsync(TestPictures.Png(), "a.png")).Text("avatar");
        var picture = await BytesAsync(One, first);
        foreach (var node in Cluster.Nodes)
            Assert.Equal(picture, await BytesAsync(node, first));
        await Cluster.EverywhereAsync(async node => (await client.At(node).OkAsync("/home/initPage")).Text("avatar") == first, "the picture", Soon);
        var second = (await client.At(Two).UploadAsync(TestPictures.Jpeg(), "a.jpg")).Text("avatar");
        foreach (var node in Cluster.Nodes)
            Assert.NotEmpty(await BytesAsync(node, second));
        await Cluster.EverywhereAsync(
            async node =>
            {
                using var nobody = new PageClient(node);
                using var gone = await nobody.GetAsync(first);
                return gone.StatusCode == HttpStatusCode.NotFound;
            },
            "the picture before it to be gone",
            Soon);
    }

    [Fact]
    public async Task A_new_name_is_seen_on_all_nodes_and_said_with_what_is_said()
    {
        using var client = await PageClient.SignUpAsync(One);
        using var friend = await PageClient.SignUpAsync(Two);
        await using var speaker = await client.At(Two).ConnectAsync();
        await using var listener = await friend.At(Three).ConnectAsync();
        var name = $"Star {client.UserId}";
        await client.OkAsync("/account/profile", ("nickName", name));
        await Cluster.EverywhereAsync(async node => (await client.At(node).OkAsync("/home/initPage")).Text("nickName") == name, "the new name", Soon);
        await speaker.ChatAsync(friend.UserId, "hi");
        Assert.Equal(name, (await HearsAsync(listener, "hi")).Data.Text("senderName"));
    }

    [Fact]
    public async Task A_tag_that_is_given_on_one_node_counts_on_the_others_and_so_does_its_end()
    {
        using var client = await PageClient.SignUpAsync(One);
        await Two.Http.PostJsonAsync($"/api/v1/users/{client.UserId}/tags", """{"tag":"vip"}""");
        await Cluster.EverywhereAsync(async node => (await client.At(node).OkAsync("/home/initPage")).Flag("showStartLivingBtn"), "the tag", Soon);
        foreach (var node in Cluster.Nodes)
            Assert.Equal("""["vip"]""", (await node.Http.GetJsonAsync($"/api/v1/users/{client.UserId}/tags"))["tags"]!.ToJsonString());
        await Three.Http.CallAsync(HttpMethod.Delete, $"/api/v1/users/{client.UserId}/tags/vip");
        await Cluster.EverywhereAsync(async node => !(await client.At(node).OkAsync("/home/initPage")).Flag("showStartLivingBtn"), "the end of the tag", Soon);
    }

    private static async Task<byte[]> BytesAsync(ServerProcess node, string url)
    {
        using var nobody = new PageClient(node);
        using var response = await nobody.GetAsync(url);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }
}
