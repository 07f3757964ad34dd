using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Sailfish.TestKit;

/// <summary>Waits for conditions, with a bound that only what is broken reaches.</summary>
public static class Wait
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(25);

    public static Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        UntilAsync(condition, Limit, () => what);

    public static Task UntilAsync(Func<bool> condition, TimeSpan limit, Func<string> what) =>
        UntilAsync(() => Task.FromResult(condition()), limit, BetweenLooks, what);

    public static Task UntilAsync(Func<Task<bool>> condition, string what) => UntilAsync(condition, Limit, what);

    public static Task UntilAsync(Func<Task<bool>> condition, TimeSpan limit, string what) => UntilAsync(condition, limit, () => what);

    public static Task UntilAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string> what) => UntilAsync(condition, limit, BetweenQuestions, what);

    private static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan limit, TimeSpan pause, Func<string> what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
                throw new TimeoutException($"Waited {limit.TotalSeconds:0} s for {what()}.");
            await Task.Delay(pause);
        }
    }
}
