namespace Sailfish.Server.Accounts;

/// <summary>Somebody signed in on the page in one browser.</summary>
/// <param name="Id">Made from the secret in the cookie and shown to whom it belongs: it does not lead back to the secret.</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="CreatedAt">Milliseconds since 1970, as the next.</param>
/// <param name="SeenAt">When it was last used, to the minute.</param>
/// <param name="Address">Where it was signed in from.</param>
/// <param name="Agent">What the browser said of itself.</param>
internal sealed record PageSession(string Id, long AccountId, long CreatedAt, long SeenAt, string Address, string Agent);
