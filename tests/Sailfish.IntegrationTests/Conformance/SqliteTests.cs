using Sailfish.Server.Accounts;

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
    /// <summary>So that users above it, whom a product has, are not looked for one by one.</summary>
    [Fact]
    public async Task The_last_id_is_the_last_accounts()
    {
        Assert.InRange(Stores.Accounts.LastId, 0, Account.FirstId - 1);
        foreach (var name in new[] { "anna", "bruno" })
        {
            var account = await Stores.Accounts.CreateAsync(App, name, "hash", name, Time);
            await NowAndAfterReopeningAsync(() => Assert.Equal(account!.Id, Stores.Accounts.LastId));
        }
    }

    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Pictures, as files beside SQLite.</summary>
public sealed class SqliteAvatarTests : AvatarConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Wrong passwords, in memory.</summary>
public sealed class MemoryLockoutTests : LockoutConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Keys of cookies, as files beside SQLite.</summary>
public sealed class FileKeyTests : KeyConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>What the content check found, on SQLite.</summary>
public sealed class SqliteRiskTests : RiskConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}

/// <summary>Apps, in a file beside SQLite.</summary>
public sealed class FileAppTests : AppConformance
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

/// <summary>Stream keys, on SQLite.</summary>
public sealed class SqliteStreamKeyTests : StreamKeyConformance
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

/// <summary>Covers, on SQLite.</summary>
public sealed class SqliteCoverTests : CoverConformance
{
    private protected override IDatabaseUnderTest NewDatabase() => new SqliteUnderTest();
}
