namespace Sailfish.Server.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(1000, LogLevel.Warning, "The file system of the data folder {Folder} takes no locks: nothing keeps a second server off it. Put it on a local disk")]
    public static partial void NoLocks(ILogger logger, string folder);

    [LoggerMessage(1001, LogLevel.Warning, "Others may write to the data folder {Folder}: they can put files of their own into the place of the database and the secrets. chmod 700 mends it")]
    public static partial void OthersMayWrite(ILogger logger, string folder);

    [LoggerMessage(1002, LogLevel.Warning, "{Count} files of the data folder are not the owner's alone and could not be made so, such as {Path}")]
    public static partial void NotMended(ILogger logger, int count, string path);
}
