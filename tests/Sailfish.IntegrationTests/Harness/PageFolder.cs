namespace Sailfish.IntegrationTests.Harness;

/// <summary>The built page of this source tree.</summary>
public static class PageFolder
{
    private static readonly string Built = SourceTree.PathOf("web/app/dist");

    public static string Path => File.Exists(System.IO.Path.Combine(Built, "index.html"))
        ? Built
        : throw new InvalidOperationException("The page is not built: cd web && npm ci && npm run build");
}
