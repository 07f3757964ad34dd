using System.CommandLine;
using System.Diagnostics;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish migrate</c>: moves a stopped server's data to PostgreSQL, which the server's own program does.</summary>
internal static class MigrateCommand
{
    /// <summary>The server's own setting, by which it is told, too: a command line is seen by others on the machine.</summary>
    private const string DatabaseVariable = "Sailfish__Cluster__Database";

    private static readonly Option<string> Data = new("--data") { Description = "The data folder of the server, which is stopped", Required = true };

    private static readonly Option<string?> Database = new("--database")
    {
        Description = $"The empty PostgreSQL database, as a connection string; other users of this machine may see it here [default: ${DatabaseVariable}]",
    };

    public static Command Create()
    {
        var command = new Command("migrate", "Move all data of a stopped server from SQLite to the PostgreSQL database of a cluster") { Data, Database, ServerProgram.Option };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Database) is null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DatabaseVariable)))
                result.AddError($"{Database.Name} is missing, and ${DatabaseVariable} is not set.");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var start = ServerProgram.Start(result.GetValue(ServerProgram.Option), "migrate", Data.Name, Path.GetFullPath(result.GetValue(Data)!));
        if (result.GetValue(Database) is { } database)
            start.Environment[DatabaseVariable] = database;
        using var program = Process.Start(start) ?? throw new CliException($"{start.FileName} could not be started");
        try
        {
            await program.WaitForExitAsync(cancellation);
            return program.ExitCode == 0 ? ExitCodes.Success : ExitCodes.Failure;
        }
        catch (OperationCanceledException)
        {
            program.Kill();
            await program.WaitForExitAsync(CancellationToken.None);
            throw new CliException("interrupted; a database that has everything by now is refused as filled, any other has nothing");
        }
    }
}
