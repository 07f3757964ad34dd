using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sailfish.Tests;

/// <summary>All packages have one version: that of Directory.Build.props.</summary>
public sealed class VersionTests
{
    [Fact]
    public void All_packages_have_one_version()
    {
        var version = Regex.Match(File.ReadAllText(SourceTree.PathOf("Directory.Build.props")), "<Version>(.+)</Version>").Groups[1].Value;
        Assert.NotEmpty(version);
        var sdk = Json("web/sdk/package.json");
        var app = Json("web/app/package.json");
        var locked = Json("web/package-lock.json").GetProperty("packages");
        foreach (var package in new[] { sdk, app, locked.GetProperty("sdk"), locked.GetProperty("app") })
            Assert.Equal(version, package.GetProperty("version").GetString());
        foreach (var package in new[] { app, locked.GetProperty("app") })
            Assert.Equal(version, package.GetProperty("dependencies").GetProperty("@sailfish/sdk").GetString());
    }

    private static JsonElement Json(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SourceTree.PathOf(path)));
        return document.RootElement.Clone();
    }
}
