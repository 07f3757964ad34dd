using System.Diagnostics;
using System.Globalization;

namespace Sailfish.Cli.Local;

/// <summary>PostgreSQL as it is installed, and how its programs are run.</summary>
internal sealed class PostgresPrograms
{
    /// <summary>Where Debian has a folder for each version.</summary>
    public const string DebianFolder = "/usr/lib/postgresql";

    private const int OldestVersion = 15;
    private const string HowToGet = "PostgreSQL 15 or newer is needed; on Debian: apt-get install postgresql";

    /// <summary>PostgreSQL does not run as root: then it has this user, which its package makes.</summary>
    private const string User = "postgres";

    private readonly string _folder;

    private PostgresPrograms(string folder) => _folder = folder;

    /// <param name="folder">Of the programs; null for the newest that Debian has installed.</param>
    public static PostgresPrograms Find(string? folder)
    {
        folder ??= Newest() ?? throw new CliException($"no PostgreSQL in {DebianFolder}. {HowToGet}");
        return File.Exists(Path.Combine(folder, "initdb")) ? new PostgresPrograms(folder) : throw new CliException($"no initdb in {folder}. {HowToGet}");
    }

    /// <summary>For who may connect.</summary>
    public ProcessStartInfo Client(string program, params string[] arguments) => new(Path.Combine(_folder, program), arguments);

    /// <summary>For who owns the data.</summary>
    public ProcessStartInfo Owner(string program, params string[] arguments) => AsOwner(Path.Combine(_folder, program), arguments);

    /// <summary>Gives a folder to who owns the data, and makes sure that the way to it is open.</summary>
    public static async Task OwnAsync(string folder, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        await Tool.RunAsync(new ProcessStartInfo("chown", ["-R", $"{User}:", folder]), cancellation);
        if ((await Tool.TryAsync(AsOwner("test", "-x", folder), cancellation)).ExitCode != 0)
            throw new CliException($"PostgreSQL, which runs as the user {User}, cannot get to {folder}; name another folder with --dir");
    }

    private static ProcessStartInfo AsOwner(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? new ProcessStartInfo("setpriv", [$"--reuid={User}", $"--regid={User}", "--init-groups", program, .. arguments])
        : new ProcessStartInfo(program, arguments);

    private static string? Newest()
    {
        if (!Directory.Exists(DebianFolder))
            return null;
        var versions = Directory.GetDirectories(DebianFolder).Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0);
        return versions.DefaultIfEmpty().Max() is var newest and >= OldestVersion ? Path.Combine(DebianFolder, $"{newest}", "bin") : null;
    }
}
