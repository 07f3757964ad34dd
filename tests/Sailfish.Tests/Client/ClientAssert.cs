using Sailfish.Client;

namespace Sailfish.Tests.Client;

/// <summary>Waits with a bound.</summary>
internal static class ClientAssert
{
    /// <summary>The contents of the next messages.</summary>
    public static async Task<List<string>> TakeAsync(this SailfishClient client, int count)
    {
        using var bound = new CancellationTokenSource(FakeServer.Patience);
        List<string> contents = [];
        if (count == 0)
            return contents;
        await foreach (var message in client.Messages(bound.Token))
        {
            contents.Add(message.Content!);
            if (contents.Count == count)
                break;
        }

        return contents;
    }

    /// <summary>The next event, of the first one raised after the call.</summary>
    public static Task<T> NextAsync<T>(Action<EventHandler<T>> subscribe)
    {
        var next = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        subscribe((_, args) => next.TrySetResult(args));
        return next.Task.WaitAsync(FakeServer.Patience);
    }
}
