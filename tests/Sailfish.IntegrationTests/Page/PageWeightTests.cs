using System.IO.Compression;
using System.Text.RegularExpressions;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Page;

/// <summary>How much a browser fetches before the page is there: on a slow line that is what one waits for.</summary>
public sealed class PageWeightTests
{
    private const int MostBytes = 130_000;

    [Fact]
    public void A_first_room_takes_little_beside_what_plays_its_picture()
    {
        var index = File.ReadAllText(PathOf("index.html"));
        var named = Regex.Matches(index, "(?:src|href)=\"\\./?(assets/[^\"]+)\"").Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Contains(named, name => name.EndsWith(".js", StringComparison.Ordinal));
        Assert.Contains(named, name => name.EndsWith(".css", StringComparison.Ordinal));
        // Other languages of Latin letters take another; what has no Latin letters takes none.
        var font = Assert.Single(Directory.GetFiles(PathOf("assets"), "figtree-latin-wght-*.woff2"));
        var sizes = named.Prepend("index.html").ToDictionary(name => name, name => Packed(File.ReadAllBytes(PathOf(name))));
        sizes[Path.GetFileName(font)] = new FileInfo(font).Length;
        Assert.True(sizes.Values.Sum() <= MostBytes, string.Join('\n', sizes.Select(each => $"{each.Value,8} {each.Key}")));
    }

    private static string PathOf(string name) => Path.Combine(PageFolder.Path, name);

    private static long Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return packed.Length;
    }
}
