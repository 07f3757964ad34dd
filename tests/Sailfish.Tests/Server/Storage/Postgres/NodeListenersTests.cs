using Microsoft.Extensions.Logging.Abstractions;
using Sailfish.Server.Nodes;
using Sailfish.Server.Storage.Postgres;

namespace Sailfish.Tests.Server.Storage.Postgres;

/// <summary>What becomes of the nodes is told one thing after the other, and to all, whatever one of them does.</summary>
public sealed class NodeListenersTests : IDisposable
{
    private readonly List<string> _heard = [];
    private readonly Listener _slow;
    private readonly NodeListeners _listeners;

    public NodeListenersTests()
    {
        _slow = new Listener("slow", _heard);
        _listeners = new NodeListeners([_slow, new Listener("other", _heard)], NullLogger<NodeListeners>.Instance);
    }

    public void Dispose() => _listeners.Dispose();

    [Fact]
    public async Task One_thing_is_told_after_the_other_and_nobody_is_waited_for()
    {
        _slow.Hold = new TaskCompletionSource();
        var begun = _listeners.BegunAsync();
        _listeners.EraBegun();
        _listeners.NodesGone([3, 4]);
        await Wait.UntilAsync(() => Heard().Length == 1);
        Assert.False(begun.IsCompleted);
        _slow.Hold.SetResult();
        await Wait.UntilAsync(() => Heard().Length == 6);
        Assert.Equal(["slow begun", "other begun", "slow era", "other era", "slow gone 3 4", "other gone 3 4"], Heard());
        await begun;
    }

    [Fact]
    public async Task What_one_fails_at_the_others_hear_of_all_the_same()
    {
        _slow.IsBroken = true;
        await _listeners.BegunAsync();
        Assert.Equal(["slow begun", "other begun"], Heard());
    }

    [Fact]
    public async Task Given_up_what_is_still_being_told_ends_first_and_the_next_life_has_its_own_end()
    {
        _slow.Hold = new TaskCompletionSource();
        _listeners.EraBegun();
        await Wait.UntilAsync(() => Heard().Length == 1);
        await _listeners.GivenUpAsync(CancellationToken.None);
        _slow.Hold = null;
        await _listeners.BegunAsync();
        Assert.Equal(["slow era", "other era", "slow given up", "other given up", "slow begun", "other begun"], Heard());
        Assert.False(_slow.LastToken.IsCancellationRequested);
    }

    private string[] Heard()
    {
        lock (_heard)
            return [.. _heard];
    }

    private sealed class Listener(string name, List<string> heard) : INodeListener
    {
        public TaskCompletionSource? Hold { get; set; }

        public bool IsBroken { get; set; }

        public CancellationToken LastToken { get; private set; }

        public Task GivenUpAsync(CancellationToken cancellationToken)
        {
            Note("given up");
            return Task.CompletedTask;
        }

        public Task BegunAsync(CancellationToken cancellationToken) => HearAsync("begun", cancellationToken);

        public Task EraBegunAsync(CancellationToken cancellationToken) => HearAsync("era", cancellationToken);

        public void NodesGone(IReadOnlyList<long> generations) => Note($"gone {string.Join(' ', generations)}");

        private async Task HearAsync(string what, CancellationToken cancellationToken)
        {
            LastToken = cancellationToken;
            Note(what);
            if (IsBroken)
                throw new IOException("It is broken.");
            if (Hold is { } hold)
                await hold.Task.WaitAsync(cancellationToken);
        }

        private void Note(string what)
        {
            lock (heard)
                heard.Add($"{name} {what}");
        }
    }
}
