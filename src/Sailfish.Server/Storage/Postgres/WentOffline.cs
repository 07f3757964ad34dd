namespace Sailfish.Server.Storage.Postgres;

/// <summary>A user whose last session has gone with its node.</summary>
internal readonly record struct WentOffline(long AppId, long UserId, long Epoch);
