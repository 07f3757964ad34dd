using System.Globalization;

namespace Sailfish.Cli.Commands;

/// <summary>Nodes for people: a line each, and one about what is between them.</summary>
internal static class StatusTable
{
    private const string Gap = "  ";
    private static readonly string[] Heads = ["node", "name", "version", "connections", "rooms", "lease", ""];

    public static string Of(ClusterAnswer answer)
    {
        List<string[]> rows = [Heads, .. (answer.Nodes ?? []).Select(Row)];
        var widths = Enumerable.Range(0, Heads.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var lines = rows.Select(row => string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return string.Join(Environment.NewLine, answer.Bus is null ? lines : lines.Append($"bus {Printable.Line(answer.Bus)}, {Number(answer.Repairs)} repairs"));
    }

    private static string[] Row(NodeAnswer node) =>
    [
        Printable.Line(node.Node ?? "-"), Printable.Line(node.Name ?? "-"), Printable.Line(node.Version ?? "-"),
        Number(node.Connections), Number(node.Rooms), Lease(node.LeaseMs), node.Draining ? "draining" : "",
    ];

    private static string Lease(long? milliseconds) =>
        milliseconds is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time / 1000.0:0.0} s") : "-";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
