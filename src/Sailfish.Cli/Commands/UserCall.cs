using System.CommandLine;
using System.Globalization;

namespace Sailfish.Cli.Commands;

/// <summary>What a command about a user asks with.</summary>
internal sealed record UserCall(ServerApi Api, long User, ParseResult Options, CancellationToken Cancellation)
{
    /// <summary>The address of what belongs to the user.</summary>
    public string PathOf(string what) => string.Create(CultureInfo.InvariantCulture, $"users/{User}/{what}");
}
