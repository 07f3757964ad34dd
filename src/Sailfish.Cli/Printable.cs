namespace Sailfish.Cli;

/// <summary>Text from others on a terminal.</summary>
internal static class Printable
{
    /// <summary>On one line, without characters that a terminal would obey.</summary>
    public static string Line(string text) =>
        string.Create(text.Length, text, static (line, text) =>
        {
            for (var i = 0; i < line.Length; i++)
                line[i] = char.IsControl(text[i]) ? ' ' : text[i];
        });
}
