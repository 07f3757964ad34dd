namespace Sailfish.Server.Configuration;

/// <summary><c>Sailfish:DataDir</c> on disk.</summary>
internal static class DataFolder
{
    /// <summary>Makes the folder when it is missing.</summary>
    public static string Make(ServerOptions options)
    {
        try
        {
            // Messages and secrets stand in it: a folder that we make is its owner's alone.
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(options.DataDir);
            else
                Directory.CreateDirectory(options.DataDir, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return options.DataDir;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException($"{ConfigurationCheck.Root}:DataDir: the folder '{options.DataDir}' cannot be made: {problem.Message}");
        }
    }
}
