namespace Sailfish.Server.Storage.Postgres;

/// <summary>What became of one try to append.</summary>
internal enum AppendOutcome
{
    /// <summary>It is committed.</summary>
    Stored,

    /// <summary>Nothing was stored: the node's lease has ended, as the database sees it.</summary>
    NoLease,

    /// <summary>Nothing was stored: another transaction was in the way. The same again may succeed.</summary>
    InTheWay,

    /// <summary>Nothing was stored: a value cannot be. Of many messages, others can.</summary>
    Refused,

    /// <summary>Nothing was stored: the database cannot, whatever the messages are.</summary>
    NotNow,

    /// <summary>It may be stored or not. Only the same again tells, all of it.</summary>
    Unknown,
}
