using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Sailfish.Server.Hosting;

namespace Sailfish.Server.Nodes;

/// <summary>
/// <c>Sailfish:Cluster</c>: what several nodes share. Without a database there is one node, with a file of its own. What
/// carries passwords is not repeated in what is said of it.
/// </summary>
public sealed partial class ClusterOptions : IValidatableObject
{
    /// <summary>The bus that needs nothing beside the database.</summary>
    internal const string PostgresBus = "postgres";

    private const string DatabaseExample = "Host=db1;Database=sailfish;Username=sailfish;Password=…";
    private const string BusExample = "nats://user:password@nats1:4222,nats2:4222";

    /// <summary>PostgreSQL 15 or newer, as a connection string of Npgsql. Absent: SQLite in the data folder, and one node.</summary>
    [Secret]
    public string? Database { get; set; }

    /// <summary>What carries hurries between the nodes: <c>postgres</c>, or servers of NATS, <c>nats://…</c> or <c>tls://…</c>, with commas between them.</summary>
    [Secret]
    public string Bus { get; set; } = PostgresBus;

    /// <summary>Where the other nodes reach the web port of this one, for streams that come in here: <c>http://…</c> or <c>https://…</c>, with nothing behind the port. Absent: they do not.</summary>
    public string? Advertise { get; set; }

    /// <summary>Tells clusters apart that share a database server or a bus. Stands in the database: a node with another name does not start.</summary>
    public string Name { get; set; } = "sailfish";

    /// <summary><see cref="Advertise"/> without a slash at its end; empty where there is none.</summary>
    internal string AdvertisedAddress => Advertise?.TrimEnd('/') ?? "";

    /// <summary>Whether there are, or may be, several nodes.</summary>
    internal bool IsOn => !string.IsNullOrWhiteSpace(Database);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsOn && !IsConnectionString(Database!))
            yield return new ValidationResult($"This is no connection string such as {DatabaseExample}.", [nameof(Database)]);
        if (Bus != PostgresBus && !NatsAddress.TryParse(Bus, out _, out var problem))
            yield return new ValidationResult($"Here {problem}. It is {PostgresBus}, or servers of NATS such as {BusExample}.", [nameof(Bus)]);
        if (Bus != PostgresBus && !IsOn)
            yield return new ValidationResult($"A bus is for several nodes, which share a database: set {nameof(Database)}, too.", [nameof(Bus)]);
        if (Advertise is { Length: > 0 } && !IsAddress(Advertise))
            yield return new ValidationResult("It is an address such as http://10.0.0.5:10102 or https://node1.example.com, with nothing behind it.", [nameof(Advertise)]);
        if (!NameRule().IsMatch(Name))
            yield return new ValidationResult("A name is a small letter and up to 30 small letters, digits and underscores behind it.", [nameof(Name)]);
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,30}\z")]
    private static partial Regex NameRule();

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { UserInfo: "", Query: "", Fragment: "", AbsolutePath: "/", Host.Length: > 0 };

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text }.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>Checks <see cref="ClusterOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class ClusterOptionsValidator : IValidateOptions<ClusterOptions>;
