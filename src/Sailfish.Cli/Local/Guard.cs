using System.Diagnostics;
using System.Globalization;

namespace Sailfish.Cli.Local;

/// <summary>
/// A process that ends what the tool has started when the tool ends without having done so, however that comes: it waits for
/// the end of its input.
/// </summary>
internal sealed class Guard : IDisposable
{
    private const string Done = "done";

    private const string Script =
        $$"""
        exec >/dev/null 2>&1
        trap '' INT TERM HUP
        children=
        while read -r child; do
          [ "$child" = {{Done}} ] && exit 0
          children="$children $child"
        done
        kill -TERM $children
        for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
          alive=
          for child in $children; do kill -0 "$child" && alive=yes; done
          [ "$alive" ] || break
          sleep 1
        done
        kill -KILL $children
        [ -n "$1" ] && rm -rf "$1"
        """;

    private readonly Process _process;

    /// <param name="temporary">A folder that goes, too; null when there is none.</param>
    public Guard(string? temporary) =>
        _process = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Script, "guard", temporary ?? ""]) { RedirectStandardInput = true })!;

    public void Watch(int process)
    {
        _process.StandardInput.WriteLine(process.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
    }

    /// <summary>All have ended.</summary>
    public void Dispose()
    {
        _process.StandardInput.WriteLine(Done);
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
