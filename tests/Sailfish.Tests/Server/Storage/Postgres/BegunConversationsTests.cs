using Sailfish.Server.Conversations;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.Tests.Server.Storage.Postgres;

public sealed class BegunConversationsTests
{
    [Fact]
    public void Only_what_was_added_is_known()
    {
        var begun = new BegunConversations();
        Assert.False(begun.Contains(Direct(1)));
        begun.Add(Direct(1));
        Assert.True(begun.Contains(Direct(1)));
        Assert.False(begun.Contains(Direct(2)));
    }

    [Fact]
    public void Too_many_are_forgotten_the_oldest_first_and_not_what_is_asked_for()
    {
        var begun = new BegunConversations(most: 10);
        for (var i = 1; i <= 100; i++)
        {
            begun.Add(Direct(i));
            Assert.True(begun.Contains(Direct(i)));
            Assert.True(begun.Contains(Direct(1)));
        }

        Assert.InRange(Enumerable.Range(1, 100).Count(i => begun.Contains(Direct(i))), 10, 20);
    }

    [Fact]
    public async Task Many_at_once_are_all_remembered()
    {
        var begun = new BegunConversations();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(part => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
                begun.Add(Direct((part * 5000) + i + 1));
        })));
        Assert.All(Enumerable.Range(1, 40_000), i => Assert.True(begun.Contains(Direct(i))));
    }

    private static ConversationKey Direct(long other) => ConversationKey.Direct(1, 1_000_000, other);
}
