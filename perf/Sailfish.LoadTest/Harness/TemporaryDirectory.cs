using System.Security.Cryptography;

namespace Sailfish.LoadTest.Harness;

/// <summary>A directory that is gone with all its files at the end.</summary>
internal sealed class TemporaryDirectory(string? root) : IDisposable
{
    internal string Path { get; } = Directory.CreateDirectory(
        System.IO.Path.Combine(root ?? System.IO.Path.GetTempPath(), "sailfish-load-" + RandomNumberGenerator.GetHexString(12))).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException error)
        {
            Console.Error.WriteLine($"{Path} stays: {error.Message}");
        }
    }
}
