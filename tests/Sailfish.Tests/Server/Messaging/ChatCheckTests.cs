using Sailfish.Server.Content;
using Sailfish.Server.Conversations;
using Sailfish.Server.Messaging;

namespace Sailfish.Tests.Server.Messaging;

/// <summary>A check that takes its time holds no thread of the sockets' events.</summary>
public sealed class ChatCheckTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_text_is_judged_in_the_pool_unless_that_is_quick(bool isQuick)
    {
        var check = new Recorder(isQuick);
        var chat = new ChatCheck(check, new NoRecords(), new MessageMetrics(Fakes.Meters), TimeProvider.System);
        var data = MessageData.Parse("""{"content":"hello","title":"hi"}""")!;
        var done = new TaskCompletionSource<Task<CheckedChat?>>();
        // As a thread of events calls it, which is none of the pool's.
        var events = new Thread(() => done.SetResult(
            chat.CheckAsync(Fakes.Session(10001), ConversationKey.Room(1, 7), data, "hello", null, CancellationToken.None).AsTask()));
        events.Start();
        Assert.Equal("hello", (await await done.Task)?.Content);
        Assert.NotEmpty(check.Threads);
        Assert.All(check.Threads, thread => Assert.Equal((!isQuick, isQuick), (thread.IsOfPool, thread.Thread == events)));
    }

    private sealed class Recorder(bool isQuick) : IContentCheck
    {
        /// <summary>With what a thread that has ended no longer tells.</summary>
        public List<(Thread Thread, bool IsOfPool)> Threads { get; } = [];

        public bool PassesAll => false;

        public bool IsQuick(int characters) => isQuick;

        public ValueTask<ContentVerdict> CheckAsync(string text, CancellationToken cancellationToken)
        {
            Threads.Add((Thread.CurrentThread, Thread.CurrentThread.IsThreadPoolThread));
            return new(ContentVerdict.Pass(text));
        }
    }

    private sealed class NoRecords : IRiskRecords
    {
        public ValueTask AddAsync(RiskRecord risk, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
