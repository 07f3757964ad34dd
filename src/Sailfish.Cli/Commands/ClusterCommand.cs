using System.CommandLine;
using Sailfish.Cli.Local;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish cluster</c>: several nodes on this machine, with all that they need, for trying out.</summary>
internal static class ClusterCommand
{
    private const int MaxNodes = 16;
    private const string NatsBus = "nats";

    private static readonly Option<int> Nodes = new("--nodes") { Description = $"How many nodes, 1 to {MaxNodes}", DefaultValueFactory = _ => 3 };

    private static readonly Option<string> Dir = new("--dir")
    {
        Description = "The folder of all data, which another start goes on with [default: a temporary one, which is gone with the cluster]",
    };

    private static readonly Option<string> Bus = CreateBusOption();
    private static readonly Option<string> Postgres = new("--postgres") { Description = $"The folder of PostgreSQL's programs [default: of the newest in {PostgresPrograms.DebianFolder}]" };

    public static Command Create()
    {
        Nodes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxNodes)
                result.AddError($"--nodes is 1 to {MaxNodes}.");
        });
        var command = new Command("cluster", "Start several nodes on this machine for trying out, until Ctrl-C") { Nodes, Dir, Bus, ServerProgram.Option, Postgres };
        command.SetAction(RunAsync);
        return command;
    }

    private static Option<string> CreateBusOption()
    {
        var option = new Option<string>("--bus") { Description = "What carries messages between the nodes: postgres or nats", DefaultValueFactory = _ => "postgres" };
        option.AcceptOnlyFromAmong("postgres", NatsBus);
        return option;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
            throw new CliException("cluster runs on Linux only");
        var options = new LocalOptions(
            result.GetValue(Nodes), result.GetValue(Dir), result.GetValue(Bus) == NatsBus, result.GetValue(ServerProgram.Option), result.GetValue(Postgres));
        await LocalCluster.RunAsync(options, cancellation);
        return ExitCodes.Success;
    }
}
