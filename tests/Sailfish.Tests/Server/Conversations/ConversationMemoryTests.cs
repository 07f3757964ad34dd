using Sailfish.Server.Conversations;

namespace Sailfish.Tests.Server.Conversations;

public sealed class ConversationMemoryTests
{
    [Fact]
    public void Only_what_was_added_is_known()
    {
        var memory = new ConversationMemory<long>();
        Assert.False(Knows(memory, 1));
        memory.Note(Direct(1), 1);
        Assert.True(Knows(memory, 1));
        Assert.False(Knows(memory, 2));
    }

    [Fact]
    public void Too_many_are_forgotten_the_oldest_first_and_not_what_is_asked_for()
    {
        var memory = new ConversationMemory<long>(most: 10);
        for (var i = 1; i <= 100; i++)
        {
            memory.Note(Direct(i), i);
            Assert.True(Knows(memory, i));
            Assert.True(Knows(memory, 1));
        }

        Assert.InRange(Enumerable.Range(1, 100).Count(i => Knows(memory, i)), 10, 20);
    }

    [Fact]
    public async Task Many_at_once_are_all_remembered()
    {
        var memory = new ConversationMemory<long>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(part => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
                memory.Note(Direct((part * 5000) + i + 1), (part * 5000) + i + 1);
        })));
        Assert.All(Enumerable.Range(1, 40_000), i => Assert.True(Knows(memory, i)));
    }

    [Fact]
    public void What_is_noted_again_is_known_as_it_was_noted_last()
    {
        var memory = new ConversationMemory<long>(most: 2);
        memory.Note(Direct(1), 1);
        memory.Note(Direct(1), 5);
        memory.Note(Direct(2), 2);
        Assert.True(memory.TryFind(Direct(1), out var known));
        Assert.Equal(5, known);
        memory.Clear();
        Assert.False(memory.TryFind(Direct(1), out _));
        Assert.False(memory.TryFind(Direct(2), out _));
    }

    private static bool Knows(ConversationMemory<long> memory, long other) => memory.TryFind(Direct(other), out var known) && known == other;

    private static ConversationKey Direct(long other) => ConversationKey.Direct(1, 1_000_000, other);
}
