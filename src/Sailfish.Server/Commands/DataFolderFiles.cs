using System.Xml;
using System.Xml.Linq;
using Sailfish.Server.Identity;
using Sailfish.Server.Page;
using Sailfish.Server.Storage.Sqlite;

namespace Sailfish.Server.Commands;

/// <summary>What a server that is alone keeps in files beside its database, and a cluster in tables.</summary>
internal sealed class DataFolderFiles(string folder)
{
    public IReadOnlyList<AppConfig> Apps => SecretsFile.TryRead(folder)?.Apps ?? [];

    /// <summary>What signs the cookies of the page.</summary>
    /// <exception cref="InvalidDataException">One of them is broken.</exception>
    public IEnumerable<(string Name, string Content)> CookieKeys()
    {
        var keys = new DirectoryInfo(Path.Combine(folder, PageServices.KeysFolder));
        return keys.Exists ? keys.EnumerateFiles("*.xml").OrderBy(file => file.Name, StringComparer.Ordinal).Select(Read) : [];
    }

    /// <summary>An uploaded picture; null when there is none of that name.</summary>
    public byte[]? Picture(string name)
    {
        var path = Path.Combine(folder, SqliteAvatarStore.Folder, Path.GetFileName(name));
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    private static (string Name, string Content) Read(FileInfo file)
    {
        try
        {
            // As a cluster writes those that it makes: without the head of a file.
            var key = XElement.Load(file.FullName, LoadOptions.PreserveWhitespace);
            return (Path.GetFileNameWithoutExtension(file.Name), key.ToString(SaveOptions.DisableFormatting));
        }
        catch (XmlException problem)
        {
            throw new InvalidDataException($"The key of cookies {file.FullName} is not readable XML ({problem.Message}). Remove it, which signs out whom it has signed in, or restore it.");
        }
    }
}
