namespace Sailfish.Server.Accounts;

/// <summary>When the page's cookie is for TLS only.</summary>
public enum CookieSecure
{
    /// <summary>Where the request came over TLS, to us or to a trusted proxy.</summary>
    Auto,

    /// <summary>Always: TLS ends before us, and nobody says so.</summary>
    Always,
}
