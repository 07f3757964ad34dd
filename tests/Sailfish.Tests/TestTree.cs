namespace Sailfish.Tests;

/// <summary>A source file of the tests.</summary>
/// <param name="Project">The project's folder.</param>
/// <param name="Path">From there, with slashes.</param>
/// <param name="Text">What is in it.</param>
internal sealed record TestFile(string Project, string Path, string Text);

/// <summary>The sources of the tests, for what is promised of them.</summary>
internal static class TestTree
{
    private static readonly string[] Made = ["bin", "obj"];

    private static string Root => SourceTree.PathOf("tests");

    public static IEnumerable<TestFile> Files() => Directory.GetDirectories(Root).Select(Path.GetFileName).SelectMany(project => Files(project!));

    public static IEnumerable<TestFile> Files(string project) =>
        from file in Directory.GetFiles(Path.Combine(Root, project), "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Path.Combine(Root, project), file).Replace('\\', '/')
        where !Made.Contains(path.Split('/')[0])
        select new TestFile(project, path, File.ReadAllText(file));
}
