using System.Security.Cryptography;

namespace Sailfish.TestKit;

/// <summary>A directory that is gone with all its files at the end.</summary>
/// <param name="root">Where it is made; null for the system's own place, where it is its owner's alone.</param>
public sealed class TemporaryDirectory(string? root = null) : IDisposable
{
    private const string Prefix = "sailfish-";

    public string Path { get; } = root is null
        ? Directory.CreateTempSubdirectory(Prefix).FullName
        : Directory.CreateDirectory(System.IO.Path.Combine(root, Prefix + RandomNumberGenerator.GetHexString(12))).FullName;

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
