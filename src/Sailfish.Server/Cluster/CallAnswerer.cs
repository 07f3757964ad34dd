using Sailfish.Server.Cluster.Frames;

namespace Sailfish.Server.Cluster;

/// <summary>Answers the questions of other nodes, some at a time, away from the thread that reads frames.</summary>
internal sealed class CallAnswerer(CallQueue calls, ICallHandler handler, ClusterSender sender, TimeProvider time, ILogger<CallAnswerer> logger)
{
    private const int AtOnce = 8;

    public Task RunAsync(CancellationToken stop) =>
        Parallel.ForEachAsync(calls.ReadAsync(stop), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, AnswerAsync);

    private async ValueTask AnswerAsync((long Source, CallItem Call) question, CancellationToken stop)
    {
        var (source, call) = question;
        var answer = await TryAnswerAsync(source, call, stop);
        if (answer is not { } payload || !sender.SendOne(source, new AnswerItem(call.Number, IsFailed: false, payload)))
            sender.SendOne(source, new AnswerItem(call.Number, IsFailed: true, default));
    }

    private async ValueTask<ReadOnlyMemory<byte>?> TryAnswerAsync(long source, CallItem call, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(ClusterCalls.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var answer = await handler.AnswerAsync(source, call.Payload, either.Token);
            if (!either.IsCancellationRequested)
                return answer;
            // Nobody waits for it any more.
            return null;
        }
#pragma warning disable CA1031 // the asker hears that there is no answer, and the next question is answered
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!either.IsCancellationRequested)
                ClusterLog.AnswerFailed(logger, fault, source);
            return null;
        }
    }
}
