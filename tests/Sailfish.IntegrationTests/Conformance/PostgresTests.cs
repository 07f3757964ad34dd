namespace Sailfish.IntegrationTests.Conformance;

/// <summary>What is appended, on PostgreSQL.</summary>
public sealed class PostgresMessageLogTests : MessageLogConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Repeated clientMsgIds, on PostgreSQL.</summary>
public sealed class PostgresRepeatTests : RepeatConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Ends of conversations, on PostgreSQL.</summary>
public sealed class PostgresConversationEndTests : ConversationEndConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>What is appended, on PostgreSQL, by the statements for many.</summary>
public sealed class PostgresTogetherMessageLogTests : MessageLogConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest(appendsOneAlone: false);
}

/// <summary>Repeated clientMsgIds, on PostgreSQL, by the statements for many.</summary>
public sealed class PostgresTogetherRepeatTests : RepeatConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest(appendsOneAlone: false);
}

/// <summary>Ends of conversations, on PostgreSQL, by the statements for many.</summary>
public sealed class PostgresTogetherConversationEndTests : ConversationEndConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest(appendsOneAlone: false);
}

/// <summary>What is read, on PostgreSQL.</summary>
public sealed class PostgresMessageHistoryTests : MessageHistoryConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>What waits, on PostgreSQL.</summary>
public sealed class PostgresUnreadTests : UnreadConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Acked positions, on PostgreSQL.</summary>
public sealed class PostgresPositionTests : PositionConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Accounts, on PostgreSQL.</summary>
public sealed class PostgresAccountTests : AccountConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Ids that are somebody's, on PostgreSQL.</summary>
public sealed class PostgresUsedIdTests : UsedIdConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Sessions of the page, on PostgreSQL.</summary>
public sealed class PostgresPageSessionTests : PageSessionConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Stream keys, on PostgreSQL.</summary>
public sealed class PostgresStreamKeyTests : StreamKeyConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Tags, on PostgreSQL.</summary>
public sealed class PostgresTagTests : TagConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Mutes and bans, on PostgreSQL.</summary>
public sealed class PostgresRestrictionTests : RestrictionConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Revocations, on PostgreSQL.</summary>
public sealed class PostgresRevocationTests : RevocationConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Suspensions, on PostgreSQL.</summary>
public sealed class PostgresSuspensionTests : SuspensionConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Living rooms, on PostgreSQL.</summary>
public sealed class PostgresLivingTests : LivingConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Pictures, on PostgreSQL.</summary>
public sealed class PostgresAvatarTests : AvatarConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Wrong passwords, on PostgreSQL.</summary>
public sealed class PostgresLockoutTests : LockoutConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Keys of cookies, on PostgreSQL.</summary>
public sealed class PostgresKeyTests : KeyConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>What the content check found, on PostgreSQL.</summary>
public sealed class PostgresRiskTests : RiskConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Apps, on PostgreSQL.</summary>
public sealed class PostgresAppTests : AppConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}

/// <summary>Covers, on PostgreSQL.</summary>
public sealed class PostgresCoverTests : CoverConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new PostgresUnderTest();
}
