using Sailfish.Protocol.Frames;

namespace Sailfish.Tests.Server;

public sealed class ArchitectureTests
{
    [Fact]
    public void The_gateway_never_touches_the_storage()
    {
        var files = Directory.GetFiles(Path.Combine(Root(), "src", "Sailfish.Server", "Gateway"), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotMatch(@"Server\.Storage\b|(?<![\w.])Storage\.", File.ReadAllText(file)));
    }

    [Fact]
    public void The_protocol_stands_on_the_framework_alone()
    {
        var references = typeof(BinaryFrame).Assembly.GetReferencedAssemblies().Select(r => r.Name!).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, name => Assert.StartsWith("System.", name));
        Assert.DoesNotContain("<PackageReference", File.ReadAllText(Path.Combine(Root(), "src", "Sailfish.Protocol", "Sailfish.Protocol.csproj")));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sailfish.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the source tree.");
    }
}
