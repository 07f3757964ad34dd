namespace Sailfish.TestKit;

/// <summary>
/// Time that really passes, where time itself is what a test is about: the pace of a load, a moment taken at random, as
/// long as the server said. Who waits for something to have happened takes <see cref="Wait"/>.
/// </summary>
public static class Pause
{
    public static Task ForAsync(TimeSpan time) => Task.Delay(time);

    public static Task ForAsync(int milliseconds) => Task.Delay(milliseconds);
}
