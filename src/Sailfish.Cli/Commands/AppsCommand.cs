using System.CommandLine;
using Sailfish.Cli.Terminal;

namespace Sailfish.Cli.Commands;

/// <summary><c>sailfish apps rotate</c>: another API key and another token secret for an app of a cluster.</summary>
internal static class AppsCommand
{
    public static Command Create()
    {
        var rotate = new Command("rotate", "Give the app another API key and another token secret on all nodes; the old ones are void from then on");
        rotate.SetAction((result, _) => RotateAsync(result));
        return new Command("apps", "What belongs to an app of a cluster") { rotate };
    }

    /// <summary>Not cancelled: the new secrets are told once.</summary>
    private static async Task<int> RotateAsync(ParseResult result)
    {
        var path = result.SecretsPath();
        SecretsFile.CheckWritable(path);
        using var api = new ServerApi(result.HttpAddress(), result.Secrets());
        var secrets = await api.PostAsync("apps/rotate", CliJson.Default.SecretsAnswer, CancellationToken.None);
        SecretsFile.Replace(path, secrets);
        Output.Line($"{secrets} has a new API key and a new token secret, which are in {path}");
        return ExitCodes.Success;
    }
}
