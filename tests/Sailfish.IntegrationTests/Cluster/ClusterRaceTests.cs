using System.Text.Json.Nodes;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Cluster;

/// <summary>What begins on one node while something is said on another: nothing falls between.</summary>
public sealed class ClusterRaceTests(ClusterFixture<Undisturbed> fixture) : ThreeNodeTests(fixture)
{
    /// <summary>Pairs of users who do the same beside each other.</summary>
    private const int Pairs = 4;

    private static int Rounds => (LongTests.AreOn ? 1000 : 120) / Pairs;

    [Fact]
    public async Task Who_joins_a_room_on_one_node_while_something_is_said_on_another_has_it_by_the_seq_or_is_brought_it() =>
        await Task.WhenAll(Enumerable.Range(0, Pairs).Select(async pair =>
        {
            await using var speaker = await TestClient.LogInAsync(Cluster[pair], TestIds.NewUser());
            await using var newcomer = await TestClient.LogInAsync(Cluster[pair + 1], TestIds.NewUser());
            for (var round = 0; round < Rounds; round++)
            {
                // Nobody of the newcomer's node was ever in it.
                var room = TestIds.NewRoom();
                await speaker.JoinAsync(room);
                var saying = speaker.ChatInRoomAsync(room, "said", $"{room}");
                var joined = await newcomer.JoinAsync(room);
                await saying;
                await speaker.ReceiptAsync($"{room}");
                if (joined.Number("seq") == 0)
                    Assert.Equal(1, (await HearsAsync(newcomer, "said")).Number("seq"));
                foreach (var client in new[] { speaker, newcomer })
                {
                    await client.SendAsync(Code.Leave, Room(room));
                    await client.ReceiveAsync(Code.Leave);
                }
            }
        }));

    [Fact]
    public async Task Who_comes_back_to_a_room_that_the_node_is_just_leaving_misses_nothing()
    {
        var room = TestIds.NewRoom();
        await using var speaker = await TestClient.LogInAsync(One, TestIds.NewUser());
        await using var guest = await TestClient.LogInAsync(Two, TestIds.NewUser());
        await speaker.JoinAsync(room);
        for (var round = 1; round <= Rounds; round++)
        {
            var joined = await guest.JoinAsync(room);
            Assert.Equal(round - 1, joined.Number("seq"));
            await speaker.ChatInRoomAsync(room, $"{round}", $"{round}");
            Assert.Equal(round, (await HearsAsync(guest, $"{round}")).Number("seq"));
            await speaker.ReceiptAsync($"{round}");
            await guest.SendAsync(Code.Leave, Room(room));
            await guest.ReceiveAsync(Code.Leave);
        }
    }

    [Fact]
    public async Task Who_logs_in_on_one_node_while_something_is_said_on_another_is_brought_it_or_finds_it_by_SYNC() =>
        await Task.WhenAll(Enumerable.Range(0, Pairs).Select(async pair =>
        {
            var user = TestIds.NewUser();
            await using var speaker = await TestClient.LogInAsync(Cluster[pair], TestIds.NewUser());
            var conversation = MessagingSteps.Direct(user, speaker.UserId);
            for (var round = 1; round <= Rounds; round++)
            {
                var saying = speaker.ChatAsync(user, $"{round}", $"{round}");
                await using var newcomer = await TestClient.LogInAsync(Cluster[pair + 1], user);
                await saying;
                await newcomer.SendAsync(Code.Sync, new JsonObject());
                var isThere = false;
                for (var isAnswered = false; !isAnswered || !isThere;)
                {
                    var frame = await newcomer.ReceiveAsync();
                    isAnswered |= frame.Code == Code.Sync;
                    isThere |= frame.Code == Code.Message
                        ? frame.Number("seq") == round
                        : frame.Body.Messages().Exists(message => message.Number("seq") == round);
                }

                await newcomer.AckUpToAsync(conversation, round);
                await newcomer.FlushAsync();
                await speaker.ReceiptAsync($"{round}");
            }
        }));

    [Fact]
    public async Task Two_nodes_that_open_one_conversation_at_once_make_one()
    {
        for (var round = 0; round < 20; round++)
        {
            await using var ann = await TestClient.LogInAsync(One, TestIds.NewUser());
            await using var bob = await TestClient.LogInAsync(Two, TestIds.NewUser());
            await Task.WhenAll(ann.ChatAsync(bob.UserId, "a", "a"), bob.ChatAsync(ann.UserId, "b", "b"));
            Assert.Equal("b", (await HearsAsync(ann, "b")).Content());
            Assert.Equal("a", (await HearsAsync(bob, "a")).Content());
            Assert.Equal(2, (await Three.WholeHistoryAsync(MessagingSteps.Direct(ann.UserId, bob.UserId))).Count);
        }
    }
}
