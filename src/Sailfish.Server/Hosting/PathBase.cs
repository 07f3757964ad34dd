using Microsoft.Extensions.Options;

namespace Sailfish.Server.Hosting;

/// <summary><c>Sailfish:Http:PathBase</c>: the path below which a proxy shows the server. What comes without it is served too.</summary>
internal sealed class PathBase(IOptions<HttpOptions> options)
{
    /// <summary><c>/chat</c>, or empty.</summary>
    public string Value { get; } = options.Value.PathBase?.TrimEnd('/') ?? "";

    /// <summary>A path without it.</summary>
    public ReadOnlySpan<char> Below(ReadOnlySpan<char> path) =>
        path.Length > Value.Length && path[Value.Length] == '/' && path.StartsWith(Value, StringComparison.OrdinalIgnoreCase) ? path[Value.Length..] : path;
}
