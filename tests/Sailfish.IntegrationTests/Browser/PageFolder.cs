namespace Sailfish.IntegrationTests.Browser;

/// <summary>The built page of this source tree.</summary>
public static class PageFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var dist = System.IO.Path.Combine(folder.FullName, "web", "app", "dist");
            if (File.Exists(System.IO.Path.Combine(dist, "index.html")))
                return dist;
        }

        throw new InvalidOperationException("The page is not built: cd web && npm ci && npm run build");
    }
}
