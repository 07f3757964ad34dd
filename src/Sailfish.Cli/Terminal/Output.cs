using Microsoft.Win32.SafeHandles;

namespace Sailfish.Cli.Terminal;

/// <summary>The standard output; unlike the console's it fails when nobody reads it any more.</summary>
internal static class Output
{
    private const int Descriptor = 1;
    private static readonly TextWriter Writer = Open();

    /// <summary>Lines of several programs come at once.</summary>
    private static readonly Lock Turn = new();

    /// <summary>Writes a line, and returns when it is handed to the system; throws <see cref="IOException"/> when it is not.</summary>
    public static void Line(string text)
    {
        lock (Turn)
        {
            Writer.WriteLine(text);
            Writer.Flush();
        }
    }

    private static StreamWriter Open() => new(OpenStream(), Console.OutputEncoding);

    /// <summary>Files are left to the console, which shares their position with the programs beside it.</summary>
    private static Stream OpenStream()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        var stream = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }
}
