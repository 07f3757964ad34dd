using System.Globalization;
using System.Text;

namespace Sailfish.LoadTest.Results;

/// <summary>Draws what a delivery costs over the size of its room, as SVG that reads on light and dark pages.</summary>
internal static class GrowthPlot
{
    private const double Width = 720;
    private const double Height = 400;
    private const double Left = 80;
    private const double Right = 24;
    private const double Top = 48;
    private const double Bottom = 64;

    /// <summary>A grey that stands out from white and from black alike.</summary>
    private const string Ink = "#808080";
    private const string CpuColour = "#2f81f7";
    private const string TimeColour = "#d29922";

    private static readonly double[] NiceFactors = [1, 2, 5, 10, 20, 50];

    internal static void Write(string path, IReadOnlyList<GrowthPoint> points)
    {
        if (points.Count < 2)
            throw new LoadTestException($"{path}: a plot needs two sizes of room that were measured.");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, Draw(points));
    }

    private static string Draw(IReadOnlyList<GrowthPoint> points)
    {
        var step = NiceStep(points.Max(p => Math.Max(p.CpuNanoseconds, p.Nanoseconds)));
        var top = step * (Math.Floor(points.Max(p => Math.Max(p.CpuNanoseconds, p.Nanoseconds)) / step) + 1);
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"{Ink}\">");
        Add(svg, $"<title>Nanoseconds per delivery over the members of a room</title>");
        for (var value = 0.0; value <= top; value += step)
            AddLevel(svg, Y(value, top), value);
        foreach (var point in points)
            Add(svg, $"<text x=\"{X(point, points):F1}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{point.Members:N0}</text>");
        Add(svg, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 16}\" text-anchor=\"middle\">members of the room (logarithmic)</text>");
        Add(svg, $"<text transform=\"translate(20 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">nanoseconds per delivery</text>");
        AddCurve(svg, points, p => p.Nanoseconds, top, TimeColour, "time, at saturation", Left + 180);
        AddCurve(svg, points, p => p.CpuNanoseconds, top, CpuColour, "CPU of the server", Left);
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private static void AddLevel(StringBuilder svg, double y, double value)
    {
        Add(svg, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:F1}\" y2=\"{y:F1}\" stroke=\"{Ink}\" stroke-opacity=\"{(value == 0 ? 1 : 0.3)}\"/>");
        Add(svg, $"<text x=\"{Left - 8}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{value:#,0.##}</text>");
    }

    private static void AddCurve(
        StringBuilder svg, IReadOnlyList<GrowthPoint> points, Func<GrowthPoint, double> value, double top, string colour, string name, double legendX)
    {
        var line = string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p, points):F1},{Y(value(p), top):F1}")));
        Add(svg, $"<polyline points=\"{line}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\"/>");
        foreach (var point in points)
        {
            var (x, y) = (X(point, points), Y(value(point), top));
            Add(svg, $"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"4\" fill=\"{colour}\"><title>{point.Members:N0} members: {value(point):N0} ns</title></circle>");
        }

        Add(svg, $"<rect x=\"{legendX}\" y=\"16\" width=\"14\" height=\"14\" fill=\"{colour}\"/>");
        Add(svg, $"<text x=\"{legendX + 20}\" y=\"28\">{name}</text>");
    }

    private static double X(GrowthPoint point, IReadOnlyList<GrowthPoint> points)
    {
        var (first, last) = (Math.Log(points[0].Members), Math.Log(points[^1].Members));
        return Left + 24 + ((Math.Log(point.Members) - first) / (last - first) * (Width - Left - Right - 48));
    }

    private static double Y(double value, double top) => Height - Bottom - (value / top * (Height - Top - Bottom));

    /// <summary>The smallest of 1, 2 and 5 with zeros behind that makes at most six levels.</summary>
    private static double NiceStep(double largest)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(largest)) - 1);
        return NiceFactors.Select(f => f * power).First(s => largest / s <= 6);
    }

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
