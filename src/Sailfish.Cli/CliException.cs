using System.Net;

namespace Sailfish.Cli;

/// <summary>A failure that one line explains to the user.</summary>
internal sealed class CliException(string message, HttpStatusCode? status = null) : Exception(message)
{
    /// <summary>What the server answered, when it did.</summary>
    public HttpStatusCode? Status => status;
}
