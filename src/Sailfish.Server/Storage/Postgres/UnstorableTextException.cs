namespace Sailfish.Server.Storage.Postgres;

/// <summary>A text that PostgreSQL does not hold: nothing of its call is stored, and no other call has to do with it.</summary>
internal sealed class UnstorableTextException() : Exception("A text has U+0000 or half of a surrogate pair in it, which the database does not hold.");
