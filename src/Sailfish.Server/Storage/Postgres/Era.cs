namespace Sailfish.Server.Storage.Postgres;

/// <summary>Since when the database knows who is where. Another one: it has lost it since.</summary>
internal sealed record Era(Guid Id, long Number);
