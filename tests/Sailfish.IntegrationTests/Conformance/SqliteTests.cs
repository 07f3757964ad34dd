namespace Sailfish.IntegrationTests.Conformance;

/// <summary>What is appended, on SQLite.</summary>
public sealed class SqliteMessageLogTests : MessageLogConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Repeated clientMsgIds, on SQLite.</summary>
public sealed class SqliteRepeatTests : RepeatConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Ends of conversations, on SQLite.</summary>
public sealed class SqliteConversationEndTests : ConversationEndConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>What is read, on SQLite.</summary>
public sealed class SqliteMessageHistoryTests : MessageHistoryConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>What waits, on SQLite.</summary>
public sealed class SqliteUnreadTests : UnreadConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Acked positions, on SQLite.</summary>
public sealed class SqlitePositionTests : PositionConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Accounts, on SQLite.</summary>
public sealed class SqliteAccountTests : AccountConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Ids that are somebody's, on SQLite.</summary>
public sealed class SqliteUsedIdTests : UsedIdConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Sessions of the page, on SQLite.</summary>
public sealed class SqlitePageSessionTests : PageSessionConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Tags, on SQLite.</summary>
public sealed class SqliteTagTests : TagConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Mutes and bans, on SQLite.</summary>
public sealed class SqliteRestrictionTests : RestrictionConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Revocations, on SQLite.</summary>
public sealed class SqliteRevocationTests : RevocationConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Suspensions, on SQLite.</summary>
public sealed class SqliteSuspensionTests : SuspensionConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Living rooms, on SQLite.</summary>
public sealed class SqliteLivingTests : LivingConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}
