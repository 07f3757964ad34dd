using System.Globalization;

namespace Sailfish.Server.Hosting;

/// <summary>
/// Keeps a second server off the data folder: each believes to be the only one who writes. The kernel's lock on a file
/// ends with the process, however it ends, so none is left over; who has it stands in a file beside it, as a locked file
/// cannot be read.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    public const string FileName = "sailfish.lock";
    public const string PidName = "sailfish.pid";

    private readonly string _pidPath;
    private readonly FileStream _lock;

    /// <param name="options">Which folder.</param>
    /// <param name="logger">Told of what makes the lock worth little.</param>
    /// <param name="hint">What to do when a server has it.</param>
    public DataFolderLock(ServerOptions options, ILogger<DataFolderLock> logger, string hint = "Each server needs a folder of its own: Sailfish:DataDir.")
    {
        var folder = DataFolder.Make(options);
        _pidPath = Path.Combine(folder, PidName);
        _lock = Take(folder, hint);
        TellHolder();
        if (!IsEffective(folder))
            HostingLog.NoLocks(logger, Path.GetFullPath(folder));
        if (FileModes.OthersMayWrite(folder))
            HostingLog.OthersMayWrite(logger, Path.GetFullPath(folder));
        if (FileModes.Mend(folder) is { Count: > 0 } failed)
            HostingLog.NotMended(logger, failed.Count, failed[0]);
    }

    /// <summary>The file stays: who removes it may remove the one that the next server has just locked.</summary>
    public void Dispose()
    {
        File.Delete(_pidPath);
        _lock.Dispose();
    }

    private void TellHolder()
    {
        try
        {
            File.WriteAllText(_pidPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // The disk is full: the next message lacks the number, and the database has its own to say.
        }
    }

    private static FileStream Take(string folder, string hint)
    {
        try
        {
            return Open(folder);
        }
        catch (UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The data folder {Path.GetFullPath(folder)} cannot be written to: {FileName} in it cannot be opened.");
        }
        catch (IOException problem) when (problem is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new ConfigurationException(IsTaken(problem)
                ? $"The data folder {Path.GetFullPath(folder)} is in use by another server{Holder(folder)}. {hint}"
                : $"The data folder {Path.GetFullPath(folder)} cannot be locked: {problem.Message}");
        }
    }

    /// <summary>Whether the file system knows locks at all: of those that do not, the framework says nothing.</summary>
    private static bool IsEffective(string folder)
    {
        try
        {
            Open(folder).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static FileStream Open(string folder) =>
        new(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>EWOULDBLOCK of Linux and of the BSDs; Windows says that it is a sharing violation.</summary>
    private static bool IsTaken(IOException problem) => problem.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static string Holder(string folder)
    {
        try
        {
            return int.TryParse(File.ReadAllText(Path.Combine(folder, PidName)), CultureInfo.InvariantCulture, out var pid)
                ? string.Create(CultureInfo.InvariantCulture, $" (process {pid})")
                : "";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // It starts at this moment, or is another user's.
            return "";
        }
    }
}
