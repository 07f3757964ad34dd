using Sailfish.Media;

namespace Sailfish.Tests.Media;

/// <summary>What is said of inputs that cannot be read.</summary>
internal static class Refusal
{
    /// <summary>Whether <paramref name="read"/> says so by the one exception that is for it; any other fails the test.</summary>
    public static bool Of(Action read)
    {
        try
        {
            read();
            return false;
        }
        catch (MediaFormatException)
        {
            return true;
        }
    }
}
