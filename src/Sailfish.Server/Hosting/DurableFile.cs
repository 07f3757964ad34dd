using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Sailfish.Server.Hosting;

/// <summary>Files that are whole, or not there, also after the power went.</summary>
internal static class DurableFile
{
    /// <summary>Of POSIX; the same number wherever .NET runs.</summary>
    private const int ReadOnly = 0;

    /// <summary>Makes an empty file that its owner alone may read, in place of another.</summary>
    public static FileStream CreatePrivate(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Gives a file its name when its bytes are on the disk, and ends when the name is, too.</summary>
    public static void Publish(string aside, string path)
    {
        using (var handle = File.OpenHandle(aside, FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.FlushToDisk(handle);
        File.Move(aside, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>The framework opens no folders. Windows keeps names by itself.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
            throw new IOException($"The folder '{folder}' cannot be opened.", new Win32Exception(Marshal.GetLastPInvokeError()));
        // Some file systems know no such flush: then there is nothing more to be done.
        _ = Flush(descriptor);
        _ = Close(descriptor);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
