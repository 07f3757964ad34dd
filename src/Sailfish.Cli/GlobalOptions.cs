using System.CommandLine;
using System.Globalization;

namespace Sailfish.Cli;

/// <summary>Options of every command.</summary>
internal static class GlobalOptions
{
    private const int MaxPort = 65_535;

    /// <summary>The server's own settings, so that a shell that starts it on other ports has them here too.</summary>
    private const string TcpPortVariable = "Sailfish__Gateway__TcpPort";
    private const string HttpPortVariable = "Sailfish__Http__Port";
    private const string TcpTlsVariable = "Sailfish__Gateway__TcpTls__CertificateFile";

    private static readonly Option<string> Server = new("--server")
    {
        Description = "The server's host name or address",
        DefaultValueFactory = _ => "127.0.0.1",
        Recursive = true,
    };

    private static readonly Option<int?> TcpPort = new("--tcp-port")
    {
        Description = $"The server's TCP port [default: ${TcpPortVariable}, else 8085]",
        Recursive = true,
    };

    private static readonly Option<bool> TcpTls = new("--tls")
    {
        Description = $"The TCP port speaks TLS; --server is then a name of its certificate [default: whether ${TcpTlsVariable} is set]",
        Recursive = true,
    };

    private static readonly Option<Uri> Http = new("--http")
    {
        Description = $"The server's web address [default: http://{{server}}, port ${HttpPortVariable}, else 8080]",
        CustomParser = result => ParseUri(result),
        Recursive = true,
    };

    private static readonly Option<string> DataDir = new("--data-dir")
    {
        Description = "The server's data folder, where secrets.json is [default: $Sailfish__DataDir, else 'data' here or in a folder above]",
        Recursive = true,
    };

    private static readonly Option<long?> App = new("--app")
    {
        Description = "The app's id [default: the first in secrets.json]",
        Recursive = true,
    };

    public static void AddTo(RootCommand root)
    {
        TcpPort.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int?>() is <= 0 or > MaxPort)
                result.AddError($"--tcp-port is 1 to {MaxPort}.");
        });
        root.Options.Add(Server);
        root.Options.Add(TcpPort);
        root.Options.Add(TcpTls);
        root.Options.Add(Http);
        root.Options.Add(DataDir);
        root.Options.Add(App);
    }

    public static Uri TcpEndpoint(this ParseResult result) =>
        new UriBuilder(IsTcpTls(result) ? "tcps" : "tcp", result.GetValue(Server)!, result.GetValue(TcpPort) ?? PortOf(TcpPortVariable, 8085)).Uri;

    public static Uri HttpAddress(this ParseResult result) =>
        result.GetValue(Http) ?? new UriBuilder("http", result.GetValue(Server)!, PortOf(HttpPortVariable, 8080)).Uri;

    /// <summary>The app whose secrets the commands use.</summary>
    public static AppSecrets Secrets(this ParseResult result) =>
        SecretsFile.Read(result.SecretsPath(), result.GetValue(App));

    /// <summary>The file that they stand in.</summary>
    public static string SecretsPath(this ParseResult result) => SecretsFile.Find(result.GetValue(DataDir));

    private static bool IsTcpTls(ParseResult result) =>
        result.GetValue(TcpTls) || Environment.GetEnvironmentVariable(TcpTlsVariable) is { Length: > 0 };

    /// <summary>A port of the environment; 0 means any there, which says nothing here.</summary>
    private static int PortOf(string variable, int standard)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text)
            return standard;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > MaxPort)
            throw new CliException($"the environment's {variable} is '{text}', which is no port");
        return port == 0 ? standard : port;
    }

    private static Uri? ParseUri(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return uri;
        result.AddError("--http is an address such as http://127.0.0.1:8080.");
        return null;
    }
}
