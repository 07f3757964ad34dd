using System.Diagnostics;
using System.Runtime.InteropServices;
using Sailfish.IntegrationTests.Harness;

namespace Sailfish.IntegrationTests.Documents;

/// <summary>A program of one file, compiled as a new console project that refers to the client would be.</summary>
internal sealed class CSharpProgram : IDisposable
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly string[] Libraries = ["Sailfish.Client.dll", "Sailfish.Protocol.dll"];
    private readonly TemporaryDirectory _folder = new();

    /// <summary>The compiler's errors and warnings; none means that it can be run.</summary>
    public string Errors { get; private set; } = "";

    public static async Task<CSharpProgram> CompileAsync(string source)
    {
        var program = new CSharpProgram();
        program.Write("Usings.cs", ImplicitUsings);
        program.Write("Program.cs", source);
        foreach (var library in Libraries)
            File.Copy(Path.Combine(AppContext.BaseDirectory, library), Path.Combine(program._folder.Path, library));
        // The compiler of the SDK that built the tests: no package, and no project to restore. Functions may be left unused.
        string[] options = ["-nologo", "-nostdlib", "-noconfig", "-nullable:enable", "-warnaserror", "-nowarn:CS8321", "-out:program.dll"];
        var references = References().Select(reference => $"-r:{reference}");
        var start = new ProcessStartInfo("dotnet", [Compiler(), .. options, .. references, "Usings.cs", "Program.cs"]) { WorkingDirectory = program._folder.Path };
        var (exitCode, output, _) = await ProcessRun.RunAsync(start, Wait.Limit);
        program.Errors = exitCode == 0 ? "" : output;
        return program;
    }

    /// <summary>Starts it, with one more variable.</summary>
    public Process Start(string variable, string value)
    {
        var runtime = Path.Combine(AppContext.BaseDirectory, "sailfish.runtimeconfig.json");
        var start = new ProcessStartInfo("dotnet", ["exec", "--runtimeconfig", runtime, Path.Combine(_folder.Path, "program.dll")])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[variable] = value;
        return Process.Start(start)!;
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder.Path, file), text);

    private static string Compiler()
    {
        var sdks = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../sdk"));
        return Directory.EnumerateDirectories(sdks, $"{Environment.Version.Major}.*")
            .Select(sdk => Path.Combine(sdk, "Roslyn", "bincore", "csc.dll"))
            .Last(File.Exists);
    }

    private static IEnumerable<string> References() =>
    [
        .. Directory.EnumerateFiles(RuntimeEnvironment.GetRuntimeDirectory(), "System.*.dll"),
        .. Libraries.Select(library => Path.Combine(AppContext.BaseDirectory, library)),
    ];
}
